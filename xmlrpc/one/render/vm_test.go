package render

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/schedule"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/xsd"
)

// schemas loads OpenNebula's own, where they are.
func schemas(t *testing.T) *xsd.Set {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "..", "shared", "reference", "one", "xsd")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("OpenNebula's schemas are not here: %v", err)
	}
	set, err := xsd.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// sampled is a store that has seen VM 7.
func sampled(t testing.TB) *store.Snap {
	t.Helper()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{vm.Kind.Table, vm.Samples, schedule.Table}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	v := fullVM(t)
	err = st.Update(t.Context(), func(tx *store.Tx) error {
		vm.Kind.Put(tx, v)
		schedule.Table.Put(tx, store.ID(3), &schedule.Action{
			ID: 3, Kind: one.KindVM, Parent: 7, Action: "snapshot-create", Args: "a&b", Time: 5, Days: "1,5",
			EndType: schedule.EndTimes, EndValue: 4, Done: -1,
		})
		vm.PutSample(tx, vm.Sample{VMID: 7, Timestamp: 1795354155, State: "RUNNING", CPUPercent: 1.5, MemoryKiB: 65536, DiskSizesMiB: map[int]int64{1: 2, 0: 1}})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return st.Read()
}

// fullVM is a VM with something in every place.
func fullVM(t testing.TB) *vm.VM {
	t.Helper()
	v := &vm.VM{
		Meta: object.Meta{ID: 7, Name: "a<b", UID: 2, GID: 100, UName: "alice", GName: "devs", Perms: 0o600,
			Lock: &object.Lock{Level: object.LockUse, Owner: 2, Time: 1, ReqID: 9}},
		State: one.VMActive, LCM: one.LCMRunning, STime: 1795354140, DeployID: "one-7",
		Snapshots: []image.Snapshots{{DiskID: 0, AllowOrphans: "NO", CurrentBase: -1, Next: 2, List: []image.Snapshot{
			{ID: 0, Name: "s0", Date: 5, Parent: -1, Children: []int{1, 2}, SizeMB: 64}, {ID: 1, Date: 6, Active: true, SizeMB: 64}}}},
		History: []vm.History{
			{Seq: 0, HostName: "node1", VMMad: "kvm", TMMad: "qcow2", PlanID: -2, ActionID: -1, STime: 1, ETime: 2, Action: one.ActionPoweroff, ReqID: 5},
			{Seq: 1, HostID: 1, HostName: "node2", VMMad: "kvm", TMMad: "qcow2", PlanID: -1, ActionID: -1, STime: 3, UID: -1, GID: -1, ReqID: -1},
		},
		SchedActions: []int{3},
	}
	v.Template = parse(t, `CPU=0.5
MEMORY=64
VMID=7
TM_MAD_SYSTEM=qcow2
DISK=[DISK_ID=0,IMAGE=x,IMAGE_ID=4,SIZE=64,TYPE=FILE]
NIC=[NIC_ID=0,IP=10.0.0.1,MAC=02:00:00:00:00:01,NETWORK=n,NETWORK_ID=0,SECURITY_GROUPS=0]
NIC_ALIAS=[NIC_ID=1,IP=10.0.0.2]
GRAPHICS=[TYPE=VNC,PORT=5907]`)
	v.User = parse(t, "NOTE=x\nLABELS=\"l1,l2\"")
	v.User.Set("ERROR", "why ]]> not")
	v.Backups.Config = parse(t, "MODE=FULL\nKEEP_LAST=3")
	v.Backups.IDs = []int{12}
	return v
}

func parse(t testing.TB, text string) attr.Template {
	t.Helper()
	tpl, err := attr.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return tpl
}

// TestVMFollowsTheSchemas validates each form, of a VM that has everything and
// of one that has next to nothing.
func TestVMFollowsTheSchemas(t *testing.T) {
	t.Parallel()
	set, snap := schemas(t), sampled(t)
	bare := &vm.VM{Meta: object.Meta{ID: 1, Name: "one-1", Template: parse(t, "CPU=1\nMEMORY=64\nTM_MAD_SYSTEM=x\nVMID=1")}, State: one.VMHold}
	for name, v := range map[string]*vm.VM{"full": fullVM(t), "bare": bare} {
		for form, doc := range map[string]string{
			"vm":               written(snap, v, VM, "", ""),
			"vm_pool":          written(snap, v, VMShort, "<VM_POOL>", "</VM_POOL>"),
			"vm_pool_extended": written(snap, v, VMLast, "<VM_POOL>", "</VM_POOL>"),
		} {
			for _, problem := range set.Validate(form, []byte(doc)) {
				t.Errorf("%s VM against %s: %v", name, form, problem)
			}
		}
	}
}

func written(r store.Reader, v *vm.VM, write func(*Writer, store.Reader, *vm.VM), before, after string) string {
	var w Writer
	write(&w, r, v)
	return before + string(w) + after
}

// TestVMForms holds what only some forms have.
func TestVMForms(t *testing.T) {
	t.Parallel()
	snap, v := sampled(t), fullVM(t)
	full, last, short := written(snap, v, VM, "", ""), written(snap, v, VMLast, "", ""), written(snap, v, VMShort, "", "")
	for _, c := range []struct {
		doc, part string
		want      int
	}{
		{full, "<HISTORY>", 2}, {last, "<HISTORY>", 1}, {short, "<HISTORY>", 1},
		{last, "<SEQ>1</SEQ>", 1}, {short, "<SEQ>1</SEQ>", 1},
		{full, "<PREV_STATE>3</PREV_STATE><PREV_LCM_STATE>3</PREV_LCM_STATE>", 1}, {short, "<PREV_STATE>", 0},
		{full, "<LAST_POLL>1795354155</LAST_POLL>", 1}, {short, "<LAST_POLL>1795354155</LAST_POLL>", 1},
		{short, "<LOCK><LOCKED>1</LOCKED></LOCK>", 1},
		{short, "<NIC>", 2}, {short, "<NOTE>", 0}, {full, "<NOTE>", 1},
		{short, "<LABELS><![CDATA[l1,l2]]></LABELS>", 1},
		{short, "<CLONE><![CDATA[]]></CLONE>", 1},
		{full, "<CHILDREN><![CDATA[1,2]]></CHILDREN>", 1},
		{full, "<NAME>a&lt;b</NAME>", 1},
		{full, "<ARGS>a&amp;b</ARGS>", 1}, {last, "<SCHED_ACTION>", 0}, {last, "<SCHED_ACTIONS><ID>3</ID></SCHED_ACTIONS>", 1},
	} {
		if got := strings.Count(c.doc, c.part); got != c.want {
			t.Errorf("%s stands %d times; want %d, in %s", c.part, got, c.want, c.doc)
		}
	}
}

// BenchmarkVMShort is what a row of vmpool.info costs when it changed.
func BenchmarkVMShort(b *testing.B) {
	snap, v := sampled(b), fullVM(b)
	var w Writer
	b.ReportAllocs()
	for b.Loop() {
		w = w[:0]
		VMShort(&w, snap, v)
	}
}

// The short form has NICs and aliases in one list, by their IDs.
func TestShortFormOrdersNICs(t *testing.T) {
	t.Parallel()
	parsed, err := attr.Parse("NIC=[NIC_ID=0]\nNIC=[NIC_ID=2]\nNIC_ALIAS=[NIC_ID=1]")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, nic := range cards(parsed) {
		got = append(got, nic.Get("NIC_ID"))
	}
	if diff := cmp.Diff([]string{"0", "1", "2"}, got); diff != "" {
		t.Errorf("cards (-want +got):\n%s", diff)
	}
}
