package bus

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/security/null"
)

// peer is a subscriber. zmq4's own PUB socket sends to all of them in turn, so
// that one who does not read stops all; here each has a queue and loses what
// does not fit into it, as with the original's.
type peer struct {
	conn *guarded
	out  chan [2][]byte
	gone chan struct{}

	mu     sync.Mutex
	topics map[string]int // what it asked for, and how often
}

const (
	highWater = 1000             // messages that wait for one subscriber, as ZeroMQ has it
	patience  = 10 * time.Second // for the handshake
)

func newPeer(conn net.Conn) *peer {
	return &peer{
		conn: &guarded{Conn: conn, greeting: greetingSize}, topics: map[string]int{},
		out: make(chan [2][]byte, highWater), gone: make(chan struct{}),
	}
}

// serve greets the subscriber and takes in what it asks for, until it is gone.
func (p *peer) serve() error {
	defer p.conn.Close()
	if err := p.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	z, err := zmq4.Open(p.conn, null.Security(), zmq4.Pub, nil, true, nil)
	if err != nil {
		return err
	}
	if err := p.conn.SetDeadline(time.Time{}); err != nil {
		return err
	}
	var writer sync.WaitGroup
	writer.Go(func() { p.write(z) })
	defer writer.Wait()
	defer close(p.gone)
	defer p.conn.Close()
	in := bufio.NewReader(p.conn)
	for {
		flags, body, err := readFrame(in)
		if err != nil {
			return err
		}
		if flags&flagCommand == 0 {
			p.subscribe(body)
		}
	}
}

// subscribe takes in one message of a subscriber: 1 and a prefix, or 0 and one
// that it asked for before.
func (p *peer) subscribe(body []byte) {
	if len(body) == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	topic := string(body[1:])
	switch body[0] {
	case 1:
		p.topics[topic]++
	case 0:
		if p.topics[topic]--; p.topics[topic] <= 0 {
			delete(p.topics, topic)
		}
	}
}

func (p *peer) wants(topic string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for prefix := range p.topics {
		if strings.HasPrefix(topic, prefix) {
			return true
		}
	}
	return false
}

// send queues a message; where the queue is full the message is lost.
func (p *peer) send(topic, text []byte) {
	select {
	case p.out <- [2][]byte{topic, text}:
	default:
	}
}

func (p *peer) write(z *zmq4.Conn) {
	for {
		select {
		case <-p.gone:
			return
		case m := <-p.out:
			if err := z.SendMsg(zmq4.NewMsgFrom(m[0], m[1])); err != nil {
				p.conn.Close() // the reader sees it
				return
			}
		}
	}
}

// Flags of a frame (ZMTP 3.0).
const (
	flagLong    = 2
	flagCommand = 4
)

// readFrame reads one frame; guarded has bounded its size.
func readFrame(in *bufio.Reader) (flags byte, body []byte, err error) {
	head := make([]byte, 2, 9)
	if err := readFull(in, head); err != nil {
		return 0, nil, err
	}
	if head[0]&flagLong != 0 {
		head = head[:9]
		if err := readFull(in, head[2:]); err != nil {
			return 0, nil, err
		}
	}
	size, ok := frameSize(head)
	if !ok || size > maxFrame {
		return 0, nil, fmt.Errorf("a frame of %d bytes is more than a subscriber may send", size)
	}
	body = make([]byte, size)
	return head[0], body, readFull(in, body)
}
