package one

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/zone"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// strict is an Authenticator with one user.
type strict struct{}

func (strict) Authenticate(_ context.Context, session string) (*one.Caller, error) {
	if session != "alice:secret" {
		return nil, one.Errorf(one.CodeAuthentication, "User couldn't be authenticated, aborting.")
	}
	return &one.Caller{UID: 2, GID: 100, Groups: []int{100}, UName: "alice"}, nil
}

// dispatched is a server with image 7, which belongs to oneadmin, and its log.
func dispatched(t *testing.T) (*Server, *bytes.Buffer) {
	t.Helper()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{image.Kind.Table, acl.Rules, zone.Kind.Table}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	err = st.Update(t.Context(), func(tx *store.Tx) error {
		image.Kind.Put(tx, &image.Image{Meta: object.Meta{ID: 7, Name: "private"}})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	return &Server{Store: st, Users: strict{}, Log: zerolog.New(&log)}, &log
}

func TestDispatch(t *testing.T) {
	t.Parallel()
	echo := method{name: "one.image.echo", params: params(pID, pAppend), do: func(_ context.Context, _ *Server, c *call) (any, error) {
		return c.Int(1)*10 + c.Int(2), nil
	}}
	guarded := echo
	guarded.may = on(image.Kind, one.Use, 1)
	refused := func(code one.Code, id int, text string) xmlrpc.Array {
		return xmlrpc.Array{false, "[one.image.echo] " + text, int32(code), int32(id), int64(-1)}
	}
	const me = "alice:secret"
	for name, c := range map[string]struct {
		m    method
		args []any
		want any // an answer, or a fault
	}{
		"success":             {echo, []any{me, int32(4), int32(2)}, xmlrpc.Array{true, 42, int32(0)}},
		"default argument":    {echo, []any{me, int32(4)}, xmlrpc.Array{true, 40, int32(0)}},
		"surplus arguments":   {echo, []any{me, int32(4), int32(2), "x"}, xmlrpc.Array{true, 42, int32(0)}},
		"nothing at all":      {echo, nil, xmlrpc.FaultNoParameters()},
		"wrong session":       {echo, []any{"alice:guess", int32(4)}, refused(one.CodeAuthentication, -1, "User couldn't be authenticated, aborting.")},
		"session comes first": {echo, []any{"alice:guess"}, refused(one.CodeAuthentication, -1, "User couldn't be authenticated, aborting.")},
		"session of no text":  {echo, []any{int32(1), int32(4)}, refused(one.CodeAuthentication, -1, "User couldn't be authenticated, aborting.")},
		"missing argument":    {echo, []any{me}, xmlrpc.Faultf(xmlrpc.CodeType, "Not enough parameters")},
		"wrong type":          {echo, []any{me, "4"}, xmlrpc.Faultf(xmlrpc.CodeType, "Parameter that is supposed to be integer is not")},
		"types before rights": {guarded, []any{me, "7"}, xmlrpc.Faultf(xmlrpc.CodeType, "Parameter that is supposed to be integer is not")},
		"no right":            {guarded, []any{me, int32(7)}, refused(one.CodeAuthorization, -1, "User [2] : Not authorized to perform USE IMAGE [7].")},
		"no object":           {guarded, []any{me, int32(8)}, refused(one.CodeNoExists, 8, "Error getting image [8].")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := dispatched(t)
			wire := &xmlrpc.Call{Args: c.args}
			got, err := s.handler(c.m)(t.Context(), wire)
			if err != nil {
				got = err
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("wrong answer:\n%s", diff)
			}
			if wire.Result == "" {
				t.Error("the line of the log says no result")
			}
		})
	}
}

// TestInternalErrorsAreForTheLog: a rule fails with an error that callers must not see.
func TestInternalErrorsAreForTheLog(t *testing.T) {
	t.Parallel()
	s, log := dispatched(t)
	bad := method{name: "one.image.bad", do: change(func(tx *store.Tx, _ *Server, _ *call) (int, error) {
		image.Kind.Remove(tx, 7)
		return 7, errors.New("open /secret/path: no space left")
	})}
	got, err := s.handler(bad)(t.Context(), &xmlrpc.Call{ID: 99, Args: []any{"alice:secret"}})
	if err != nil {
		t.Fatal(err)
	}
	want := xmlrpc.Array{
		false, "[one.image.bad] Internal error: the server's log has the reason, under request 99.", int32(one.CodeInternal), int32(-1), int64(-1),
	}
	if diff := cmp.Diff(any(want), got); diff != "" {
		t.Errorf("wrong answer:\n%s", diff)
	}
	for _, part := range []string{"/secret/path", `"req":99`, "one.image.bad"} {
		if !strings.Contains(log.String(), part) {
			t.Errorf("%q is not in the log: %s", part, log)
		}
	}
	if _, err := image.Kind.Get(s.Store.Read(), 7); err != nil {
		t.Error("the failed transaction left a trace:", err)
	}
}

// TestPanicOfARuleIsInternal: a rule panics in its transaction.
func TestPanicOfARuleIsInternal(t *testing.T) {
	t.Parallel()
	s, log := dispatched(t)
	bad := method{name: "one.image.bad", do: change(func(*store.Tx, *Server, *call) (int, error) { panic("a bad rule") })}
	got, err := s.handler(bad)(t.Context(), &xmlrpc.Call{Args: []any{"alice:secret"}})
	if answer, ok := got.(xmlrpc.Array); err != nil || !ok || answer[0] != false || strings.Contains(answer[1].(string), "bad rule") {
		t.Errorf("the answer is %v, %v", got, err)
	}
	if !strings.Contains(log.String(), "a bad rule") {
		t.Errorf("the log does not say why: %s", log)
	}
}

func TestMethodsAreListedOnce(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, m := range table() {
		if names[m.name] || m.do == nil {
			t.Errorf("%s is listed twice, or does nothing", m.name)
		}
		names[m.name] = true
	}
}
