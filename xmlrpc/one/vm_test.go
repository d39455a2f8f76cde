package one

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/schema"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// vmFace calls methods as users of the tests.
type vmFace struct {
	t *testing.T
	s *Server
}

// sessions authenticates users by their names.
type sessions struct{}

func (sessions) Authenticate(_ context.Context, session string) (*one.Caller, error) {
	if session == "oneadmin" {
		return &one.Caller{Groups: []int{0}, UName: "oneadmin", GName: "oneadmin", Umask: 0o177}, nil
	}
	return &one.Caller{UID: 2, GID: 100, Groups: []int{100}, UName: session, GName: "devs", Umask: 0o177}, nil
}

func newVMFace(t *testing.T) *vmFace {
	t.Helper()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: schema.Tables()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	err = st.Update(t.Context(), func(tx *store.Tx) error {
		host.Kind.Put(tx, &host.Host{Meta: object.Meta{ID: 0, Name: "node1"}, VMMad: "dummy", State: one.HostMonitored})
		datastore.Kind.Put(tx, &datastore.Datastore{Meta: object.Meta{ID: 0, Name: "system"}, Type: one.DatastoreSystem, TMMad: "dummy", Clusters: []int{0}})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return &vmFace{t, &Server{Store: st, Users: sessions{}, VMs: vm.DefaultSettings(), Clock: time.Now}}
}

// call returns the answer of a method as text, or its error text.
func (f *vmFace) call(who, name string, args ...any) string {
	f.t.Helper()
	for _, m := range table() {
		if m.name != name {
			continue
		}
		value, err := f.s.serve(f.t.Context(), m, &xmlrpc.Call{Args: append([]any{who}, args...)})
		var e *one.Error
		var fault *xmlrpc.Fault
		switch {
		case errors.As(err, &e):
			return e.Msg
		case errors.As(err, &fault):
			return fault.Text
		case err != nil:
			f.t.Fatalf("%s: %v", name, err)
		}
		return asText(value)
	}
	f.t.Fatalf("there is no method %s", name)
	return ""
}

func asText(value any) string {
	switch v := value.(type) {
	case int:
		return decimal(v)
	case xmlrpc.Text:
		var b strings.Builder
		for _, chunk := range v.Chunks {
			b.Write(chunk)
		}
		return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(b.String())
	}
	return value.(string)
}

func TestVMCallsAnswerAsOned(t *testing.T) {
	t.Parallel()
	f := newVMFace(t)
	for _, c := range []struct {
		who, method string
		args        []any
		want        string
	}{
		{"oneadmin", "one.vm.allocate", []any{"NAME=vm1\nCPU=1\nMEMORY=64", true}, "0"},
		{"alice", "one.vm.allocate", []any{"CPU=1\nMEMORY=64"}, "User [2] : Not authorized to perform CREATE VM."},
		{"alice", "one.vm.info", []any{int32(0)}, "User [2] : Not authorized to perform USE VM [0]."},
		{"oneadmin", "one.vm.info", []any{int32(4242)}, "Error getting virtual machine [4242]."},
		{"alice", "one.vm.info", []any{int32(-1)}, "User [2] : Not authorized to perform USE VM."},
		{"oneadmin", "one.vm.info", []any{int32(-1)}, "Error getting virtual machine Pool."},
		{"oneadmin", "one.vm.action", []any{"stop", int32(0)}, `Error performing action "stop": This action is not available for state HOLD`},
		{"alice", "one.vm.action", []any{"hold", int32(0)}, "User [2] : Not authorized to perform MANAGE VM [0]."},
		{"alice", "one.vm.recover", []any{int32(0), int32(3)}, "User [2] : Not authorized to perform ADMIN VM [0]."},
		{"oneadmin", "one.vm.recover", []any{int32(0), int32(99)}, "Wrong recovery operation code"},
		{"oneadmin", "one.vm.lock", []any{int32(0), int32(4)}, "0"},
		{"oneadmin", "one.vm.action", []any{"release", int32(0)}, "User [0] : VM is locked. [0]."},
		{"oneadmin", "one.vm.rename", []any{int32(0), "other"}, "User [0] : VM is locked. [0]."},
		{"oneadmin", "one.vm.unlock", []any{int32(0)}, "0"},
		{"oneadmin", "one.vm.action", []any{"release", int32(0)}, "0"},
		{"oneadmin", "one.vm.deploy", []any{int32(0), int32(4242)}, "Error getting host [4242]."},
		{"oneadmin", "one.vm.deploy", []any{int32(0), int32(0)}, "0"},
		{"oneadmin", "one.vm.update", []any{int32(0), "A=1", int32(7)}, "Wrong update type"},
		{"oneadmin", "one.vm.update", []any{int32(0), "A=1", int32(1)}, "0"},
		{"oneadmin", "one.vm.detach", []any{int32(0), int32(7)}, "VM disk does not exist"},
		{"oneadmin", "one.vm.diskresize", []any{int32(0), int32(7), "abc"}, "Disk SIZE is not a valid integer"},
		{"oneadmin", "one.vm.detachnic", []any{int32(0), int32(7)}, "Could not detach NIC from VM 0, wrong state PROLOG."},
		{"oneadmin", "one.vmpool.info", []any{int32(-7), int32(-1), int32(-1), int32(-1)}, "Incorrect filter_flag"},
		{"oneadmin", "one.vmpool.info", []any{int32(-2), int32(-1), int32(-1), int32(99)}, "Incorrect state filter 99"},
		{"oneadmin", "one.vmpool.info", []any{int32(-2), int32(-1), int32(-1), int32(6)}, "<VM_POOL></VM_POOL>"},
		{"oneadmin", "one.vmpool.infoset", []any{"abc,-0", true}, "<VM_POOL></VM_POOL>"},
		{"alice", "one.vmpool.info", []any{int32(-2), int32(-1), int32(-1), int32(-2)}, "<VM_POOL></VM_POOL>"},
	} {
		if got := f.call(c.who, c.method, c.args...); got != c.want {
			t.Errorf("%s by %s %v: got %q; want %q", c.method, c.who, c.args, got, c.want)
		}
	}
}

// TestVMPools: which VMs they list, and in which form.
func TestVMPools(t *testing.T) {
	t.Parallel()
	f := newVMFace(t)
	for range 3 {
		f.call("oneadmin", "one.vm.allocate", "CPU=1\nMEMORY=64\nNOTE=x", true)
	}
	f.call("oneadmin", "one.vm.action", "terminate", int32(1))
	all, notDone := []any{int32(-2), int32(-1), int32(-1), int32(-2)}, []any{int32(-2), int32(-1), int32(-1), int32(-1)}
	for _, c := range []struct {
		doc, part string
		want      int
	}{
		{f.call("oneadmin", "one.vmpool.info", all...), "<VM><ID>", 3},
		{f.call("oneadmin", "one.vmpool.info", notDone...), "<VM><ID>", 2},
		{f.call("oneadmin", "one.vmpool.info", notDone...), "<NOTE>", 0},
		{f.call("oneadmin", "one.vmpool.infoextended", notDone...), "<NOTE>", 2},
		{f.call("oneadmin", "one.vmpool.info", all...), "<VM_POOL><VM><ID>2</ID>", 1},
		{f.call("oneadmin", "one.vmpool.infoset", "0,2,2,99", false), "<VM><ID>", 2},
		{f.call("oneadmin", "one.vm.info", int32(0)), "<NOTE><![CDATA[x]]></NOTE>", 1},
	} {
		if got := strings.Count(c.doc, c.part); got != c.want {
			t.Errorf("%s stands %d times in %s; want %d", c.part, got, c.doc, c.want)
		}
	}
}
