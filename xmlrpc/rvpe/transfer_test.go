package rvpe

import (
	"bytes"
	"encoding/base64"
	"os"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/transfer"
)

// sent is what a plain mind knows of a session.
type sent struct {
	name, owner string
	put, done   bool
	size        int
	data        []byte // what came so far
	lost        bool   // it ended with less than was said
}

// transfers are the sessions of a run.
type transfers struct {
	*world
	sessions []*sent
}

// TestTransfers makes calls at random, of two members, and looks after each whether
// sessions and files are those that a plain mind expects.
func TestTransfers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, t.TempDir())
	for _, name := range []string{"alice", "bob"} {
		w.must(t, "oneadmin", "user.allocate", name, "pw")
	}
	rapid.Check(t, func(t *rapid.T) {
		m := &transfers{world: w}
		m.expire(t) // what a run before left
		t.Repeat(map[string]func(*rapid.T){
			"put": m.begin, "append": m.append, "finalize": m.finalize, "cancel": m.cancel, "delete": m.delete,
			"other's": m.others, "fetch": m.fetch, "expire": m.expire, "": m.check,
		})
	})
}

func (m *transfers) begin(t *rapid.T) {
	s := &sent{owner: rapid.SampledFrom([]string{"alice", "bob"}).Draw(t, "who"), put: true, size: rapid.IntRange(0, 40).Draw(t, "size")}
	s.name = element(m.must(t, s.owner, "transfer.init", "put", "x", s.size), "NAME")
	m.sessions = append(m.sessions, s)
}

// pick draws a session, or skips the step where there is none.
func (m *transfers) pick(t *rapid.T) *sent {
	if len(m.sessions) == 0 {
		t.Skip("no session")
	}
	return rapid.SampledFrom(m.sessions).Draw(t, "session")
}

func (m *transfers) append(t *rapid.T) {
	s := m.pick(t)
	chunk := rapid.SliceOfN(rapid.Byte(), 0, 15).Draw(t, "chunk")
	_, ok := m.call(s.owner, "transfer.put", s.name, base64.StdEncoding.EncodeToString(chunk))
	if want := !s.done && s.put && len(s.data)+len(chunk) <= s.size; ok != want {
		t.Fatalf("%d bytes more for %+v: %v", len(chunk), s, ok)
	}
	if ok {
		s.data = append(s.data, chunk...)
	}
}

func (m *transfers) finalize(t *rapid.T) {
	s := m.pick(t)
	_, ok := m.call(s.owner, "transfer.finalize", s.name)
	if want := !s.done && (!s.put || len(s.data) == s.size); ok != want {
		t.Fatalf("finalize of %+v: %v", s, ok)
	}
	s.lost = s.lost || !s.done && !ok
	s.done = true
}

func (m *transfers) cancel(t *rapid.T) {
	s := m.pick(t)
	m.must(t, s.owner, "transfer.cancel", s.name)
	m.forget(s)
}

func (m *transfers) forget(s *sent) {
	var left []*sent
	for _, other := range m.sessions {
		if other != s {
			left = append(left, other)
		}
	}
	m.sessions = left
}

// delete takes away the file that was sent; the session stays, as in RENKEI-VPE.
func (m *transfers) delete(t *rapid.T) {
	s := m.pick(t)
	_, ok := m.call(s.owner, "transfer.delete", m.depot.Path(s.name))
	if want := s.put && !s.lost; ok != want {
		t.Fatalf("delete of %+v: %v", s, ok)
	}
	if ok {
		m.must(t, s.owner, "transfer.cancel", s.name)
		m.forget(s)
	}
}

// others try what is not theirs: for them there is no such session, and no such file.
func (m *transfers) others(t *rapid.T) {
	s := m.pick(t)
	who := map[string]string{"alice": "bob", "bob": "alice"}[s.owner]
	path := m.depot.Path(s.name)
	for _, c := range [][]any{
		{"transfer.put", s.name, "eA=="}, {"transfer.get", s.name, 0}, {"transfer.finalize", s.name}, {"transfer.cancel", s.name},
		{"transfer.delete", path}, {"transfer.init", "get", path, 0}, {"image.allocate", "name: x\ntransfer: " + s.name},
	} {
		if text, ok := m.call(who, c[0].(string), c[1:]...); ok {
			t.Fatalf("%s may %v: %s", who, c, text)
		}
	}
}

// fetch gets back what was sent, in a session of its own.
func (m *transfers) fetch(t *rapid.T) {
	s := m.pick(t)
	text, ok := m.call(s.owner, "transfer.init", "get", m.depot.Path(s.name), 0)
	if want := s.put && !s.lost; ok != want {
		t.Fatalf("fetching %+v: %s", s, text)
	}
	if !ok {
		return
	}
	name := element(text, "NAME")
	var got []byte
	for {
		part, err := base64.StdEncoding.DecodeString(m.must(t, s.owner, "transfer.get", name, len(got)))
		if err != nil || len(part) == 0 {
			break
		}
		got = append(got, part...)
	}
	if !bytes.Equal(got, s.data) {
		t.Fatalf("%x came back of %+v", got, s)
	}
	m.sessions = append(m.sessions, &sent{name: name, owner: s.owner, size: len(got)})
}

// expire has a day pass.
func (m *transfers) expire(t *rapid.T) {
	c := transfer.Cleaner{
		Store: m.server.Store, Depot: m.depot, Guests: m.server.Guests.(*transfer.Guests), Life: time.Hour, Log: zerolog.Nop(),
		Clock: func() time.Time { return time.Now().Add(2 * time.Hour) },
	}
	if err := c.Clean(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.sessions = nil
}

// check compares all that there is.
func (m *transfers) check(t *rapid.T) {
	files := map[string]string{}
	entries, err := os.ReadDir(m.depot.Dir)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(m.depot.Path(e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(data)
	}
	there := map[string]*rvpe.Transfer{}
	for s := range rvpe.Transfers(m.server.Store.Read()) {
		there[s.Name] = s
	}
	kept := 0
	for _, s := range m.sessions {
		if is := there[s.name]; is == nil || is.Done != s.done || is.Put != s.put || is.Size != int64(s.size) {
			t.Fatalf("the session is %+v, want %+v", is, s)
		}
		if data, has := files[s.name]; has != (s.put && !s.lost) || has && data != string(s.data) {
			t.Fatalf("the file of %+v: %v %x", s, has, data)
		} else if has {
			kept++
		}
	}
	if len(there) != len(m.sessions) || len(files) != kept {
		t.Fatalf("%d sessions and %d files; want %d and %d", len(there), len(files), len(m.sessions), kept)
	}
}
