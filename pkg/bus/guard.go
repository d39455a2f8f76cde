package bus

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
)

// guarded refuses frames that are larger than subscribers need. zmq4 makes room
// for whatever a frame says it has, so that two bytes of a stranger could take
// all memory.
type guarded struct {
	net.Conn
	greeting int    // bytes of the greeting that are still to come
	head     []byte // of the frame that begins, as far as it is there
	body     uint64 // bytes of its body that are still to come
}

const (
	greetingSize = 64
	maxFrame     = 64 << 10
)

// Read implements net.Conn.
func (g *guarded) Read(p []byte) (int, error) {
	n, err := g.Conn.Read(p)
	if bad := g.follow(p[:n]); bad != nil {
		return 0, bad
	}
	return n, err
}

// follow goes through what arrived.
func (g *guarded) follow(p []byte) error {
	skip := min(g.greeting, len(p))
	g.greeting -= skip
	for p = p[skip:]; len(p) > 0; {
		if g.body > 0 {
			n := min(g.body, uint64(len(p)))
			g.body -= n
			p = p[n:]
			continue
		}
		g.head, p = append(g.head, p[0]), p[1:]
		size, whole := frameSize(g.head)
		if !whole {
			continue
		}
		if size > maxFrame {
			return fmt.Errorf("a frame of %d bytes is more than a subscriber may send", size)
		}
		g.head, g.body = g.head[:0], size
	}
	return nil
}

// frameSize reads the head of a frame, once it is whole.
func frameSize(head []byte) (size uint64, whole bool) {
	switch {
	case len(head) < 2:
		return 0, false
	case head[0]&flagLong == 0:
		return uint64(head[1]), true
	case len(head) < 9:
		return 0, false
	}
	return binary.BigEndian.Uint64(head[1:9]), true
}

func readFull(r io.Reader, p []byte) error {
	_, err := io.ReadFull(r, p)
	return err
}
