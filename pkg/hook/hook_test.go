package hook_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
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

// drawn renders only IDs and states.
var drawn = hook.Drawings{
	VM:    func(_ store.Reader, v *vm.VM) []byte { return fmt.Appendf(nil, "<VM %d %v>", v.ID, v.LCM) },
	Host:  func(_ store.Reader, h *host.Host) []byte { return fmt.Appendf(nil, "<HOST %d>", h.ID) },
	Image: func(_ store.Reader, i *image.Image) []byte { return fmt.Appendf(nil, "<IMAGE %d>", i.ID) },
	Net:   func(_ store.Reader, n *network.VNet) []byte { return fmt.Appendf(nil, "<NET %d>", n.ID) },
}

func open(t *testing.T, log store.Log) *store.Store {
	t.Helper()
	s, err := store.Open(store.Options{
		Log: log, Triggers: []func(*store.Tx){drawn.Watch},
		Tables: []store.AnyTable{
			hook.Kind.Table, hook.Log, effect.Table, vm.Kind.Table, host.Kind.Table, image.Kind.Table, network.Kind.Table,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func known(call string) bool { return call == "one.vm.allocate" || call == "one.vm.info" }

// allocate returns the error text, or "".
func allocate(t *testing.T, s *store.Store, text string) string {
	t.Helper()
	return try(t, s, func(tx *store.Tx) error {
		parsed, err := attr.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		_, err = hook.Allocate(tx, parsed, known)
		return err
	})
}

func try(t *testing.T, s *store.Store, rule func(tx *store.Tx) error) string {
	t.Helper()
	if err := s.Update(t.Context(), rule); err != nil {
		return err.Error()
	}
	return ""
}

func do(t *testing.T, s *store.Store, rule func(tx *store.Tx)) {
	t.Helper()
	if err := try(t, s, func(tx *store.Tx) error { rule(tx); return nil }); err != "" {
		t.Fatal(err)
	}
}

// due lists the queued runs: hook, host, lane and arguments.
func due(r store.Reader) (list []string) {
	for row := range effect.Table.All(r) {
		e, run := row.Val, hook.RunOf(row.Val)
		list = append(list, fmt.Sprintf("%d@%s %s: %s", e.Object, run.Host, e.Lane, run.Arguments))
	}
	return list
}

func TestAllocateRefuses(t *testing.T) {
	t.Parallel()
	s := open(t, memlog.New())
	const vmHook = "NAME=a\nTYPE=state\nCOMMAND=x\nRESOURCE="
	cases := [][2]string{
		{"NAME=a", "Invalid Hook type: "},
		{"NAME=a\nTYPE=Foo", "Invalid Hook type: Foo"},
		{"TYPE=api", "Invalid name."},
		{"NAME=a\nTYPE=API\nCALL=one.vm.allocate", "No COMMAND in template for Hook."},
		{"NAME=a\nTYPE=api\nCOMMAND=x", "API call does not exist or is not supported: "},
		{"NAME=a\nTYPE=api\nCOMMAND=x\nCALL=one.vm.info", "API call does not exist or is not supported: one.vm.info"},
		{"NAME=a\nTYPE=state\nCOMMAND=x", "RESOURCE attribute is required for STATE hooks."},
		{vmHook + "vm", "Invalid resource type: vm"},
		{vmHook + "VM", "Unkown state condition: "},
		{vmHook + "VM\nON=custom\nSTATE=nope", "Wrong STATE: NOPE"},
		{vmHook + "VM\nON=custom\nSTATE=active\nLCM_STATE=nope", "Wrong LCM_STATE: NOPE"},
		{vmHook + "HOST\nSTATE=MONITORING_ERROR", "Invalid STATE: MONITORING_ERROR"},
		{vmHook + "IMAGE", "Hook STATE attribute not found or invalid"},
		{vmHook + "IMAGE\nSTATE=init", "Invalid or unkown STATE condition: INIT"},
		{vmHook + "NET\nSTATE=ready", "Invalid STATE: ready"},
		{"NAME=a\nTYPE=api\nCOMMAND=x\nCALL=one.internal.vmmonitor", ""},
		{"NAME=a\nTYPE=api\nCOMMAND=x\nCALL=one.vm.allocate", "NAME is already taken by Hook 0."},
	}
	for _, c := range cases {
		if got := allocate(t, s, c[0]); got != c[1] {
			t.Errorf("%q: %q, want %q", c[0], got, c[1])
		}
	}
}

func TestTemplatesAreNormalized(t *testing.T) {
	t.Parallel()
	s := open(t, memlog.New())
	for i, text := range []string{
		"NAME=a\nTYPE=state\nCOMMAND=x\nRESOURCE=VM\nON=shutdown\nREMOTE=yes",
		"NAME=b\nTYPE=STATE\nCOMMAND=x\nRESOURCE=HOST\nSTATE=error\nREMOTE=perhaps",
		"NAME=c\nTYPE=state\nCOMMAND=x\nRESOURCE=IMAGE\nSTATE=used_pers",
	} {
		if err := allocate(t, s, text); err != "" {
			t.Fatalf("hook %d: %s", i, err)
		}
	}
	var got []string
	for row := range hook.Kind.Table.All(s.Read()) {
		t := row.Val.Template
		got = append(got, strings.Join([]string{
			row.Val.Name, string(row.Val.Type), t.Get("STATE"), t.Get("LCM_STATE"), t.Get("REMOTE"), t.Get("ON") + t.Get("TYPE") + t.Get("NAME"),
		}, " "))
	}
	want := []string{"a state ACTIVE EPILOG YES ", "b state ERROR  NO ", "c state USED  NO "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kept:\n%s", diff)
	}
}

func TestUpdateNormalizes(t *testing.T) {
	t.Parallel()
	s := open(t, memlog.New())
	allocate(t, s, "NAME=a\nTYPE=api\nCOMMAND=x\nCALL=one.vm.allocate")
	allocate(t, s, "NAME=b\nTYPE=state\nCOMMAND=x\nRESOURCE=VM\nON=DONE")
	update := func(id int, text string, merge bool) string {
		return try(t, s, func(tx *store.Tx) error { return hook.Update(tx, id, text, merge, known) })
	}
	const cannot = "Cannot update template. "
	got := []string{
		update(0, "CALL=nope", true), update(0, "A=1", false), update(0, "COMMAND=y\nCALL=one.vm.allocate\nREMOTE=1", false),
		update(1, "STATE=nope", true), update(1, "LCM_STATE=nope", true), update(1, "RESOURCE=HOST", true),
		update(1, "STATE=active\nLCM_STATE=running", true), update(9, "A=1", true),
	}
	want := []string{
		cannot + "The CALL attribute is not defined or it's invalid.", cannot + "The COMMAND attribute is not defined.", "",
		cannot + "The STATE attribute is not defined or it's invalid.", cannot + "The LCM_STATE attribute is not defined or it's invalid.",
		cannot + "The STATE attribute is not defined or it's invalid.", // hosts have no state DONE
		"", "Error getting hook [9].",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answers:\n%s", diff)
	}
}

// TestStatesFireInTheirTransaction changes a VM three times in a transaction, and once in one
// that fails.
func TestStatesFireInTheirTransaction(t *testing.T) {
	t.Parallel()
	log := memlog.New()
	s := open(t, log)
	for _, text := range []string{
		"NAME=a\nTYPE=state\nCOMMAND=x\nRESOURCE=VM\nON=RUNNING\nARGUMENTS=\"a $TEMPLATE $API b\"",
		"NAME=b\nTYPE=state\nCOMMAND=x\nRESOURCE=VM\nON=PROLOG",
		"NAME=c\nTYPE=state\nCOMMAND=x\nRESOURCE=VM\nON=RUNNING",
	} {
		if err := allocate(t, s, text); err != "" {
			t.Fatal(err)
		}
	}
	to := func(tx *store.Tx, lcm one.LCMState) {
		vm.Kind.Put(tx, &vm.VM{Meta: object.Meta{ID: 7}, State: one.VMActive, LCM: lcm, History: []vm.History{{HostName: "node"}}})
	}
	do(t, s, func(tx *store.Tx) { to(tx, one.LCMProlog); to(tx, one.LCMRunning); to(tx, one.LCMRunning) })
	try(t, s, func(tx *store.Tx) error { to(tx, one.LCMProlog); return fmt.Errorf("no") })
	want := []string{
		"1@node VM 7: ",
		"0@node VM 7: a PFZNIDcgUlVOTklORz4=  b", // an empty variable leaves its blank, as in oned
		"2@node VM 7: ",
	}
	s.Close()
	if diff := cmp.Diff(want, due(open(t, log).Read())); diff != "" {
		t.Errorf("queued, and there after a restart:\n%s", diff)
	}
}

func TestEventsOfOtherKinds(t *testing.T) {
	t.Parallel()
	s := open(t, memlog.New())
	var got []string
	s.Watch(func(c store.Commit) {
		for _, change := range c.Changes {
			if e, ok := drawn.Event(change); ok {
				got = append(got, fmt.Sprintf("%s %d %s %s", e.Object, e.ID, e.State, e.Body(c.Snap)))
			}
		}
	})
	do(t, s, func(tx *store.Tx) {
		host.Kind.Put(tx, &host.Host{Meta: object.Meta{ID: 1}})
		host.Kind.Put(tx, &host.Host{Meta: object.Meta{ID: 1}, State: one.HostError})
		host.Kind.Remove(tx, 1)
		image.Kind.Put(tx, &image.Image{Meta: object.Meta{ID: 2}, State: one.ImageUsedPers})
		image.Kind.Put(tx, &image.Image{Meta: object.Meta{ID: 2, Name: "b"}, State: one.ImageUsedPers})
		network.Kind.Put(tx, &network.VNet{Meta: object.Meta{ID: 3}, State: one.VNetReady})
		network.Kind.Remove(tx, 3)
	})
	want := []string{"HOST 1 INIT <HOST 1>", "HOST 1 ERROR <HOST 1>", "IMAGE 2 USED <IMAGE 2>", "NET 3 READY <NET 3>", "NET 3 DONE <NET 3>"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events:\n%s", diff)
	}
}

func TestCallsFire(t *testing.T) {
	t.Parallel()
	s := open(t, memlog.New())
	allocate(t, s, "NAME=a\nTYPE=api\nCOMMAND=x\nCALL=one.vm.allocate\nARGUMENTS=\"$TEMPLATE $API\"")
	if !hook.Wanted(s.Read(), "one.vm.allocate") || hook.Wanted(s.Read(), "one.vm.action") {
		t.Error("the hook waits for another call")
	}
	e := hook.Event{Call: "one.vm.allocate", Host: "node", Lane: "l", Body: func(store.Reader) []byte { return []byte("<C>") }}
	do(t, s, func(tx *store.Tx) { hook.Fire(tx, e) })
	if diff := cmp.Diff([]string{"0@ l: PEM+"}, due(s.Read())); diff != "" {
		t.Errorf("queued:\n%s", diff)
	}
}

func TestLogKeepsTheNewest(t *testing.T) {
	t.Parallel()
	s := open(t, memlog.New())
	allocate(t, s, "NAME=a\nTYPE=api\nCOMMAND=x\nCALL=one.vm.allocate")
	for range 5 {
		do(t, s, func(tx *store.Tx) {
			hook.Add(tx, hook.Record{Hook: 0, Arguments: "args"}, 2)
			hook.Add(tx, hook.Record{Hook: 8}, 2)
		})
	}
	var got []int
	for row := range hook.Log.All(s.Read()) {
		got = append(got, row.Val.Execution)
	}
	if diff := cmp.Diff([]int{3, 4}, got); diff != "" {
		t.Errorf("kept:\n%s", diff)
	}
	retry := func(execution int) string {
		return try(t, s, func(tx *store.Tx) error { return hook.Retry(tx, 0, execution) })
	}
	if a, b := retry(0), retry(4); a != "Invalid HookLog body. Arguments not found." || b != "" {
		t.Errorf("retries answer %q, %q", a, b)
	}
	do(t, s, func(tx *store.Tx) {
		if list := due(tx); len(list) != 1 || !strings.HasSuffix(list[0], ": args") {
			t.Errorf("queued: %v", list)
		}
		hook.Delete(tx, 0)
	})
	if hook.Log.Len(s.Read()) != 0 || effect.Table.Len(s.Read()) != 0 {
		t.Error("the deleted hook left something behind")
	}
}

func TestTold(t *testing.T) {
	t.Parallel()
	for call, want := range map[string]bool{
		"one.vm.info": false, "one.vmpool.info": false, "one.vmpool.infoextended": false, "one.acl.info": false,
		"one.userquota.info": false, "one.hooklog.info": false, "one.marketapppool.info": false,
		"one.vm.allocate": true, "one.vmpool.monitoring": true, "one.backupjob.info": true, "one.system.version": true,
	} {
		if hook.Told(call) != want {
			t.Errorf("%s is told: %v", call, !want)
		}
	}
}
