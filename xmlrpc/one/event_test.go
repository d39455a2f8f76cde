package one

import (
	"context"
	"encoding/base64"
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/hook"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/schema"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/zone"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// heard is the events on the event bus.
type heard []hook.Event

func (h *heard) Call(e hook.Event) { *h = append(*h, e) }

// eventful is a server with a hook for one.image.rename.
func eventful(t *testing.T) (*Server, *heard) {
	t.Helper()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{hook.Kind.Table, hook.Log, effect.Table, zone.Kind.Table}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	s, h := &Server{Store: st, Users: strict{}, Log: zerolog.Nop()}, &heard{}
	s.Events = h
	template, _ := attr.Parse("NAME=a\nTYPE=api\nCALL=one.image.rename\nCOMMAND=x\nARGUMENTS=\"$API\"")
	if err := st.Update(t.Context(), func(tx *store.Tx) error { _, err := hook.Allocate(tx, template, s.hasMethod); return err }); err != nil {
		t.Fatal(err)
	}
	return s, h
}

// queued lists the decoded arguments of queued hooks.
func queued(t *testing.T, s *Server) (list []string) {
	t.Helper()
	for row := range effect.Table.All(s.Store.Read()) {
		text, err := base64.StdEncoding.DecodeString(hook.RunOf(row.Val).Arguments)
		if err != nil {
			t.Error(err)
		}
		list = append(list, row.Val.Lane+": "+string(text))
	}
	return list
}

func TestCallsAreEvents(t *testing.T) {
	t.Parallel()
	s, bus := eventful(t)
	refuse := false
	rename := method{name: "one.image.rename", params: params(pID, pName), do: change(func(*store.Tx, *Server, *call) (int, error) {
		if refuse {
			return -1, one.Errorf(one.CodeInternal, "a < b")
		}
		return 7, nil
	})}
	answer := func(args ...any) {
		if _, err := s.handler(rename)(t.Context(), &xmlrpc.Call{Method: rename.name, Args: args}); err != nil {
			t.Log(err)
		}
	}
	answer("alice:secret", int32(7), "<a>&amp;</a>")
	refuse = true
	answer("alice:secret", int32(7), "a<\x01")
	answer("alice:guess", int32(7), "x") // not an event: the session was refused
	answer("alice:secret", "7", "x")     // not an event: the arguments were refused
	const in = "<PARAMETERS><PARAMETER><POSITION>1</POSITION><TYPE>IN</TYPE><VALUE>****</VALUE></PARAMETER>" +
		"<PARAMETER><POSITION>2</POSITION><TYPE>IN</TYPE><VALUE>7</VALUE></PARAMETER><PARAMETER><POSITION>3</POSITION><TYPE>IN</TYPE><VALUE>"
	const out = "</VALUE></PARAMETER><PARAMETER><POSITION>1</POSITION><TYPE>OUT</TYPE><VALUE>"
	want := []string{
		"image 7: <CALL_INFO><RESULT>1</RESULT>" + in + "<a>&amp;</a>" + out + "true</VALUE></PARAMETER>" +
			"<PARAMETER><POSITION>2</POSITION><TYPE>OUT</TYPE><VALUE>7</VALUE></PARAMETER>" +
			"<PARAMETER><POSITION>3</POSITION><TYPE>OUT</TYPE><VALUE>0</VALUE></PARAMETER></PARAMETERS><EXTRA></EXTRA></CALL_INFO>",
		"image 7: <CALL_INFO><RESULT>0</RESULT>" + in + "a&lt;\uFFFD" + out + "false</VALUE></PARAMETER>" +
			"<PARAMETER><POSITION>2</POSITION><TYPE>OUT</TYPE><VALUE>[one.image.rename] a &lt; b</VALUE></PARAMETER>" +
			"<PARAMETER><POSITION>3</POSITION><TYPE>OUT</TYPE><VALUE>8192</VALUE></PARAMETER>" +
			"<PARAMETER><POSITION>4</POSITION><TYPE>OUT</TYPE><VALUE>-1</VALUE></PARAMETER></PARAMETERS><EXTRA></EXTRA></CALL_INFO>",
	}
	if diff := cmp.Diff(want, queued(t, s)); diff != "" {
		t.Errorf("queued:\n%s", diff)
	}
	if len(*bus) != 2 || !(*bus)[0].OK || (*bus)[1].OK {
		t.Errorf("the bus heard %+v", *bus)
	}
}

// TestHooksComeWithTheLastStep: a call with two transactions, of which the second may be
// refused, fires its hooks once, at its end.
func TestHooksComeWithTheLastStep(t *testing.T) {
	t.Parallel()
	for refusal, want := range map[error]string{nil: "<RESULT>1</RESULT>", one.Errorf(one.CodeAction, "no"): "<RESULT>0</RESULT>"} {
		s, _ := eventful(t)
		due := -1
		rename := method{name: "one.image.rename", params: params(pID, pName), do: func(ctx context.Context, s *Server, c *call) (any, error) {
			_, err := s.step(ctx, c, func(*store.Tx) (any, bool, error) { return 7, false, nil })
			if err != nil {
				return nil, err
			}
			due = len(queued(t, s))
			return s.step(ctx, c, func(*store.Tx) (any, bool, error) { return 7, true, refusal })
		}}
		s.handler(rename)(t.Context(), &xmlrpc.Call{Method: rename.name, Args: []any{"alice:secret", int32(7), "a"}})
		if got := queued(t, s); due != 0 || len(got) != 1 || !strings.Contains(got[0], want) {
			t.Errorf("%d hooks were due after the first step, and in the end %q", due, got)
		}
	}
}

// TestExtra: the events of making and deleting a hook show it.
func TestExtra(t *testing.T) {
	t.Parallel()
	s, bus := eventful(t)
	for _, m := range hookMethods() {
		m.may = nil
		switch m.name {
		case "one.hook.allocate":
			s.handler(m)(t.Context(), &xmlrpc.Call{Method: m.name, Args: []any{"alice:secret", "NAME=b\nTYPE=api\nCALL=one.internal.x\nCOMMAND=y"}})
		case "one.hook.rename":
			s.handler(m)(t.Context(), &xmlrpc.Call{Method: m.name, Args: []any{"alice:secret", int32(0), "renamed"}})
		}
	}
	var names []string
	for _, e := range *bus {
		var doc struct {
			Name string `xml:"EXTRA>HOOK>NAME"`
		}
		if err := xml.Unmarshal(e.Body(s.Store.Read()), &doc); err != nil {
			t.Error(err)
		}
		names = append(names, e.Call+" "+doc.Name)
	}
	if diff := cmp.Diff([]string{"one.hook.allocate b", "one.hook.rename "}, names); diff != "" {
		t.Errorf("events:\n%s", diff)
	}
}

// TestAllKindsAreDrawn compares the drawings with the kinds in the store, and their nouns with
// the methods.
func TestAllKindsAreDrawn(t *testing.T) {
	t.Parallel()
	var want, got []string
	for _, k := range schema.Kinds() {
		want = append(want, k.Rows().Name())
	}
	s := &Server{}
	for noun, draw := range drawings {
		got = append(got, draw.kind.Rows().Name())
		if name := "one." + noun + ".allocate"; !s.hasMethod(name) {
			t.Errorf("there is a drawing for %s, and no such method", name)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kinds in the store (-) and in events (+):\n%s", diff)
	}
}

func TestSecretsAreNotPublished(t *testing.T) {
	t.Parallel()
	s, bus := eventful(t)
	login := method{name: "one.user.login", secret: 2, params: params(pName, pName), do: func(context.Context, *Server, *call) (any, error) { return "token", nil }}
	s.handler(login)(t.Context(), &xmlrpc.Call{Method: login.name, Args: []any{"alice:secret", "alice", "old"}})
	var doc struct {
		Values []string `xml:"PARAMETERS>PARAMETER>VALUE"`
	}
	if err := xml.Unmarshal((*bus)[0].Body(s.Store.Read()), &doc); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"****", "alice", "****", "true", "****", "0"}, doc.Values); diff != "" {
		t.Errorf("told:\n%s", diff)
	}
}

func TestWellFormed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"<A>x</A> y <B/>": true, "": true, "a &amp; b": true,
		"<A>": false, "</x><x>": false, "a & b": false, "<!DOCTYPE a>": false, "<?xml version='1.0'?>": false, "\x01": false,
	} {
		if wellFormed(text) != want {
			t.Errorf("%q is well-formed: %v", text, !want)
		}
	}
}
