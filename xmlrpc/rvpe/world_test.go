package rvpe

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/schema"
	"github.com/renkei-vpe/renkei/pkg/setup"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/transfer"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one22"
)

// world is a server after its first start; sessions are names.
type world struct {
	server *Server
	depot  *transfer.Depot
	handle map[string]xmlrpc.Handler
}

// AuthenticateOld implements Authenticator.
func (w *world) AuthenticateOld(_ context.Context, session string) (*one.Caller, error) {
	u, ok := user.Kind.Named(w.server.Store.Read(), session, 0)
	if !ok {
		return nil, one.Errorf(one.CodeAuthentication, "no")
	}
	return &one.Caller{UID: u.ID, GID: u.GID, Groups: u.Groups, UName: u.Name, GName: u.GName, Umask: 0o177}, nil
}

// Find implements one22.ImageFiles.
func (w *world) Find(context.Context, *store.Snap, int) (image.File, error) {
	return image.File{Format: "qcow2", SizeMiB: 10}, nil
}

// tester is a test, or one run of a property.
type tester interface {
	Helper()
	Fatal(args ...any)
	Cleanup(func())
	Context() context.Context
}

func newWorld(t tester, dir string) *world {
	t.Helper()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: schema.Tables()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	stores := datastore.Settings{Location: dir, TMs: datastore.DefaultTMs(), DSs: datastore.DefaultDSs()}
	w := &world{depot: &transfer.Depot{Dir: filepath.Join(dir, "transfers"), Chunk: 10}, handle: map[string]xmlrpc.Handler{}}
	core := &one22.Server{
		Store: st, Users: w, Files: w, Clock: time.Now, Log: zerolog.Nop(), Stores: stores, Images: image.DefaultSettings(),
		VMs: vm.DefaultSettings(), Networks: network.DefaultSettings(), HashCost: 4, Hypervisors: []string{"dummy"}, Hypervisor: "dummy",
		NetworkDriver: "dummy", ContextFiles: []string{dir},
	}
	w.server = &Server{
		Store: st, Users: w, Core: core, Files: w.depot, Guests: &transfer.Guests{Keys: filepath.Join(dir, "keys")}, Log: zerolog.Nop(), HashCost: 4,
		Rules: rvpe.Settings{
			HostDriver: "dummy", NetworkDriver: "dummy", Limit: 1, MaxVirtualGiB: 1, Images: core.Images, Networks: core.Networks, VMs: core.VMs,
		},
	}
	for _, m := range w.server.Methods() {
		w.handle[m.Name] = m.Handle
	}
	err = st.Update(t.Context(), func(tx *store.Tx) error {
		rvpe.Setup(tx)
		return setup.Run(tx, setup.First{Users: user.First{Oneadmin: "oneadmin", Secret: "x", Serveradmin: user.ServerKey("x")}, Datastores: stores})
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// call returns the value of a call, or the text of its refusal.
func (w *world) call(who, method string, args ...any) (value string, ok bool) {
	args = slices.Clone(args)
	for i, a := range args {
		if n, is := a.(int); is {
			args[i] = int32(n)
		}
	}
	v, err := w.handle["rvpe."+method](context.Background(), &xmlrpc.Call{Method: method, Args: append([]any{who}, args...)})
	if err != nil {
		return err.Error(), false
	}
	list := v.(xmlrpc.Array)
	if len(list) == 1 {
		return "", true
	}
	if text, is := list[1].(xmlrpc.Text); is {
		return html.UnescapeString(string(bytes.Join(text.Chunks, nil))), list[0] == true
	}
	return fmt.Sprint(list[1]), list[0] == true
}

// fataler is a test, or one check of a property.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// must is call for what has to succeed.
func (w *world) must(t fataler, who, method string, args ...any) string {
	t.Helper()
	v, ok := w.call(who, method, args...)
	if !ok {
		t.Fatalf("%s %s%v: %s", who, method, args, v)
	}
	return v
}

// element is the text of an element.
func element(text, tag string) string {
	_, rest, _ := strings.Cut(text, "<"+tag+">")
	value, _, _ := strings.Cut(rest, "</")
	return value
}
