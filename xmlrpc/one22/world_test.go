package one22

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/schema"
	"github.com/renkei-vpe/renkei/pkg/setup"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// world is a server after its first start; sessions are names of users.
type world struct {
	t       *testing.T
	server  *Server
	handle  map[string]xmlrpc.Handler
	missing error // the error of Find
}

func (w *world) AuthenticateOld(_ context.Context, session string) (*one.Caller, error) {
	u, ok := user.Kind.Named(w.server.Store.Read(), session, 0)
	if !ok {
		return nil, one.Errorf(one.CodeAuthentication, "no")
	}
	return &one.Caller{UID: u.ID, GID: u.GID, Groups: u.Groups, UName: u.Name, GName: u.GName, Umask: 0o177}, nil
}

func (w *world) Find(context.Context, *store.Snap, int) (image.File, error) {
	return image.File{Format: "qcow2", SizeMiB: 10}, w.missing
}

func newWorld(t *testing.T) *world {
	t.Helper()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: schema.Tables()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	w := &world{t: t, handle: map[string]xmlrpc.Handler{}}
	w.server = &Server{
		Store: st, Users: w, Files: w, Clock: time.Now, Log: zerolog.Nop(),
		Stores: datastore.Settings{Location: "/var/ds", TMs: datastore.DefaultTMs(), DSs: datastore.DefaultDSs()},
		Images: image.DefaultSettings(), VMs: vm.DefaultSettings(), Networks: network.DefaultSettings(), HashCost: 4,
		Hypervisors: []string{"dummy", "kvm"}, Hypervisor: "dummy", NetworkDriver: "dummy", ContextFiles: []string{"/srv/files"},
	}
	for _, m := range w.server.Methods() {
		w.handle[m.Name] = m.Handle
	}
	w.do(func(tx *store.Tx) error {
		return setup.Run(tx, setup.First{
			Users:      user.First{Oneadmin: "oneadmin", Secret: "x", Serveradmin: user.ServerKey("x")},
			Datastores: datastore.Settings{Location: "/var/ds", TMs: datastore.DefaultTMs(), DSs: datastore.DefaultDSs()},
		})
	})
	w.play("oneadmin one.user.allocate alice pw => 2", "oneadmin one.user.allocate bob pw => 3")
	return w
}

func (w *world) do(fn func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.server.Store.Update(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// call returns "[true]", "[true] value", an error text, or "fault code".
func (w *world) call(who, method string, args ...any) string {
	w.t.Helper()
	v, err := w.handle[method](w.t.Context(), &xmlrpc.Call{Method: method, Args: append([]any{who}, args...)})
	if err != nil {
		return err.Error()
	}
	list := v.(xmlrpc.Array)
	if list[0] == false {
		return list[1].(string)
	}
	if len(list) == 1 {
		return "[true]"
	}
	if text, ok := list[1].(xmlrpc.Text); ok { // as clients decode it
		return "[true] " + html.UnescapeString(string(bytes.Join(text.Chunks, nil)))
	}
	return fmt.Sprint("[true] ", list[1])
}

// play makes calls written as "who method args => part of the answer". A word that is a number
// or a boolean is an argument of that type; + in a word is a space; an expected value alone
// means [true] and the value.
func (w *world) play(lines ...string) {
	w.t.Helper()
	for _, line := range lines {
		asked, want, _ := strings.Cut(line, " => ")
		words := strings.Fields(asked)
		var args []any
		for _, word := range words[2:] {
			args = append(args, value(word))
		}
		got := w.call(words[0], words[1], args...)
		if regexp.MustCompile(`^\d+$`).MatchString(want) {
			want = "[true] " + want
		}
		if got != want && !(strings.HasPrefix(want, "~") && strings.Contains(got, want[1:])) {
			w.t.Errorf("%s:\n got %s\nwant %s", asked, got, want)
		}
	}
}

func value(word string) any {
	var n int32
	switch {
	case word == "true" || word == "false":
		return word == "true"
	case regexp.MustCompile(`^-?\d+$`).MatchString(word):
		fmt.Sscan(word, &n)
		return n
	}
	return strings.ReplaceAll(strings.ReplaceAll(word, "+", " "), ";", "\n")
}

// template returns a VM's template as 2.2 shows it.
func (w *world) template(id int) attr.Template {
	w.t.Helper()
	v, err := vm.Kind.Get(w.server.Store.Read(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return wordsOfVM(w.server.Store.Read(), v)
}
