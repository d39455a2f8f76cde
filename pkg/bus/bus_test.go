package bus

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/hook"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

var drawn = hook.Drawings{
	VM:    func(_ store.Reader, v *vm.VM) []byte { return fmt.Appendf(nil, "<VM>%d</VM>", v.ID) },
	Host:  func(_ store.Reader, h *host.Host) []byte { return fmt.Appendf(nil, "<HOST>%d</HOST>", h.ID) },
	Image: func(_ store.Reader, i *image.Image) []byte { return nil },
	Net:   func(_ store.Reader, n *network.VNet) []byte { return nil },
}

// serve runs a bus until the test ends, and answers its address.
func serve(t *testing.T) (*Bus, *store.Store, string) {
	t.Helper()
	s, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{vm.Kind.Table, host.Kind.Table}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &Bus{Store: s, Drawings: drawn, Log: zerolog.Nop()}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { b.Serve(ctx, l); close(ended) }()
	t.Cleanup(func() { stop(); <-ended; s.Close() })
	return b, s, "tcp://" + l.Addr().String()
}

// subscribe connects a real subscriber and waits until the bus knows of it.
func subscribe(t *testing.T, b *Bus, address string, topics ...string) zmq4.Socket {
	t.Helper()
	sub := zmq4.NewSub(t.Context())
	t.Cleanup(func() { sub.Close() })
	if err := sub.Dial(address); err != nil {
		t.Fatal(err)
	}
	for _, topic := range topics {
		before := len(b.wanting(topic))
		if err := sub.SetOption(zmq4.OptionSubscribe, topic); err != nil {
			t.Fatal(err)
		}
		for len(b.wanting(topic)) == before {
			time.Sleep(time.Millisecond)
		}
	}
	return sub
}

// next is what a subscriber hears next: the topic and the document.
func next(t *testing.T, sub zmq4.Socket) string {
	t.Helper()
	m, err := sub.Recv()
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Frames) != 2 {
		t.Fatalf("%d frames, want a topic and a document", len(m.Frames))
	}
	text, err := base64.StdEncoding.DecodeString(string(m.Frames[1]))
	if err != nil {
		t.Fatal(err)
	}
	return string(m.Frames[0]) + "|" + string(text)
}

func put(t *testing.T, s *store.Store, id int, state one.VMState, lcm one.LCMState, service string) {
	t.Helper()
	v := &vm.VM{Meta: object.Meta{ID: id}, State: state, LCM: lcm, History: []vm.History{{HostName: "a&b"}}}
	v.User.Set("SERVICE_ID", service)
	if service == "" {
		v.User.Del("SERVICE_ID")
	}
	if err := s.Update(t.Context(), func(tx *store.Tx) error { vm.Kind.Put(tx, v); return nil }); err != nil {
		t.Fatal(err)
	}
}

func TestSubscriberHearsInOrder(t *testing.T) {
	t.Parallel()
	b, s, address := serve(t)
	all := subscribe(t, b, address, "")
	one1 := subscribe(t, b, address, "EVENT VM 1/ACTIVE/RUNNING ", "EVENT SERVICE 5 ")
	put(t, s, 11, one.VMPending, one.LCMInit, "")
	put(t, s, 11, one.VMActive, one.LCMRunning, "")
	put(t, s, 1, one.VMActive, one.LCMRunning, "5")
	b.Call(hook.Event{Call: "one.vm.update", OK: true, Body: func(store.Reader) []byte { return []byte("<CALL_INFO/>") }})
	const running = "<HOOK_MESSAGE><HOOK_TYPE>STATE</HOOK_TYPE><HOOK_OBJECT>VM</HOOK_OBJECT><STATE>ACTIVE</STATE><LCM_STATE>RUNNING</LCM_STATE>"
	doc := running + "<RESOURCE_ID>1</RESOURCE_ID><SERVICE_ID>5</SERVICE_ID><REMOTE_HOST>a&amp;b</REMOTE_HOST><VM>1</VM></HOOK_MESSAGE>"
	var got []string
	for range 8 {
		got = append(got, next(t, all))
	}
	for i, line := range got[:4] {
		got[i], _, _ = strings.Cut(line, "|")
	}
	want := []string{
		"EVENT VM 11/PENDING/LCM_INIT ", "EVENT STATE VM/PENDING/LCM_INIT/11 ",
		"EVENT VM 11/ACTIVE/RUNNING ", "EVENT STATE VM/ACTIVE/RUNNING/11 ",
		"EVENT VM 1/ACTIVE/RUNNING |" + doc, "EVENT STATE VM/ACTIVE/RUNNING/1 |" + doc, "EVENT SERVICE 5 |" + doc,
		"EVENT API one.vm.update 1|<HOOK_MESSAGE><HOOK_TYPE>API</HOOK_TYPE><CALL>one.vm.update</CALL><CALL_INFO/></HOOK_MESSAGE>",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("heard:\n%s", diff)
	}
	if diff := cmp.Diff([]string{want[4], want[6]}, []string{next(t, one1), next(t, one1)}); diff != "" {
		t.Errorf("the second heard:\n%s", diff)
	}
}

func TestTopicsOfHosts(t *testing.T) {
	t.Parallel()
	e := hook.Event{Object: "HOST", ID: 3, State: "ERROR", Host: "node", Body: func(store.Reader) []byte { return nil }}
	if diff := cmp.Diff([]string{"EVENT HOST 3/ERROR/ ", "EVENT STATE HOST/ERROR//3 "}, topics(e)); diff != "" {
		t.Errorf("topics:\n%s", diff)
	}
	text, _ := base64.StdEncoding.DecodeString(string(message(e, nil)))
	want := "<HOOK_MESSAGE><HOOK_TYPE>STATE</HOOK_TYPE><HOOK_OBJECT>HOST</HOOK_OBJECT><STATE>ERROR</STATE>" +
		"<REMOTE_HOST>node</REMOTE_HOST><RESOURCE_ID>3</RESOURCE_ID></HOOK_MESSAGE>"
	if string(text) != want {
		t.Errorf("%s\nwant %s", text, want)
	}
}

// TestOneWhoDoesNotReadStopsNobody has a subscriber that takes nothing in, and
// more events than fit into its queue and its connection.
func TestOneWhoDoesNotReadStopsNobody(t *testing.T) {
	t.Parallel()
	b, _, address := serve(t)
	deaf, err := net.Dial("tcp", strings.TrimPrefix(address, "tcp://"))
	if err != nil {
		t.Fatal(err)
	}
	defer deaf.Close()
	greet(t, deaf)
	deaf.Write([]byte{0, 1, 1}) // it wants everything
	for len(b.wanting("")) == 0 {
		time.Sleep(time.Millisecond)
	}
	sub := subscribe(t, b, address, "EVENT API last")
	large := strings.Repeat("x", 64<<10)
	for range 3 * highWater {
		b.Call(hook.Event{Call: "first", Body: func(store.Reader) []byte { return []byte(large) }})
	}
	b.Call(hook.Event{Call: "last", Body: func(store.Reader) []byte { return nil }})
	if got := next(t, sub); !strings.HasPrefix(got, "EVENT API last 0|") {
		t.Errorf("heard %.60q", got)
	}
}

// greet is the subscriber's side of the handshake, ZMTP 3.0 without security.
func greet(t *testing.T, conn net.Conn) {
	t.Helper()
	hello := make([]byte, greetingSize)
	hello[0], hello[9], hello[10] = 0xff, 0x7f, 3
	copy(hello[12:], "NULL")
	ready := append([]byte{4, 0}, "\x05READY\x0bSocket-Type\x00\x00\x00\x03SUB"...)
	ready[1] = byte(len(ready) - 2)
	if _, err := conn.Write(append(hello, ready...)); err != nil {
		t.Fatal(err)
	}
}

// TestStrangers sends what no subscriber does: the bus hangs up and goes on.
func TestStrangers(t *testing.T) {
	t.Parallel()
	b, s, address := serve(t)
	huge := []byte{flagLong, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
	for name, say := range map[string]func(net.Conn){
		"a request of HTTP": func(c net.Conn) { fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", strings.Repeat("x", 100)) },
		"a huge command": func(c net.Conn) {
			c.Write(append(append([]byte{0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0, 'N', 'U', 'L', 'L'}, make([]byte, 48)...), huge...))
		},
		"a huge topic": func(c net.Conn) { greet(t, c); c.Write(huge) },
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(address, "tcp://"))
		if err != nil {
			t.Fatal(err)
		}
		say(conn)
		conn.SetReadDeadline(time.Now().Add(time.Minute))
		buf := make([]byte, 256)
		for err == nil {
			_, err = conn.Read(buf)
		}
		if e, ok := err.(net.Error); ok && e.Timeout() {
			t.Errorf("%s: the bus does not hang up", name)
		}
		conn.Close()
	}
	sub := subscribe(t, b, address, "EVENT VM")
	put(t, s, 1, one.VMPending, one.LCMInit, "")
	if got := next(t, sub); !strings.HasPrefix(got, "EVENT VM 1/PENDING/LCM_INIT ") {
		t.Errorf("heard %q", got)
	}
}

func TestUnsubscribe(t *testing.T) {
	t.Parallel()
	p := newPeer(nil)
	for _, m := range []string{"\x01A", "\x01A", "\x00A", "\x01B", "\x00B", "\x00C", ""} {
		p.subscribe([]byte(m))
	}
	if !p.wants("AB") || p.wants("B") || p.wants("C") {
		t.Errorf("it wants %v", p.topics)
	}
}
