package vm

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

const small = "CPU=1\nMEMORY=64"

func (w *world) act(c *one.Caller, id int, action string) error {
	return w.update(func(tx *store.Tx) error { return Act(tx, w.s, c, id, action) })
}

func (w *world) refused(t *testing.T, code one.Code, want string, fn func(tx *store.Tx) error) {
	t.Helper()
	var e *one.Error
	if err := w.update(fn); !errors.As(err, &e) {
		t.Errorf("got %v; want the error %q", err, want)
	} else if e.Code != code || e.Msg != want {
		t.Errorf("got %#x %q; want %#x %q", e.Code, e.Msg, code, want)
	}
}

func TestActRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.allocate(small, true)
	for action, want := range map[string]string{
		"poweroff":   `Error performing action "poweroff": This action is not available for state HOLD`,
		"hold":       `Error performing action "hold": This action is not available for state HOLD`,
		"HOLD":       `Action "HOLD" is not supported`,
		"terminate?": `Action "terminate?" is not supported`,
	} {
		w.refused(t, one.CodeAction, want, func(tx *store.Tx) error { return Act(tx, w.s, alice, id, action) })
	}
	w.refused(t, one.CodeNoExists, "Error getting virtual machine [4242].", func(tx *store.Tx) error { return Act(tx, w.s, alice, 4242, "hold") })
}

func TestHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running(small)
	step := func(action string) {
		if err := w.act(alice, id, action); err != nil {
			t.Fatalf("%s: %v", action, err)
		}
		w.run(id)
	}
	step("reboot") // does not appear in the history
	step("poweroff")
	step("resume")
	step("undeploy")
	w.must(func(tx *store.Tx) error { return Deploy(tx, w.s, oneadmin, id, Deployment{HostID: 1, DSID: -1}) })
	w.run(id)
	step("terminate-hard")
	type line struct {
		Host   int
		Action one.HistoryAction
		UID    int
		Open   bool
	}
	var got []line
	for _, h := range w.vm(id).History {
		got = append(got, line{h.HostID, h.Action, h.UID, h.ETime == 0})
	}
	want := []line{
		{0, one.ActionPoweroff, 2, false},
		{0, one.ActionUndeploy, 2, false},
		{1, one.ActionTerminateHard, 2, false},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	if v := w.vm(id); v.State != one.VMDone || v.ETime == 0 {
		t.Errorf("got %s with ETIME %d; want DONE and a time", v.State, v.ETime)
	}
	w.audit()
}

func TestDeployRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.allocate("CPU=1000\nMEMORY=64", true)
	w.must(func(tx *store.Tx) error {
		h, err := host.Kind.Edit(tx, 1)
		if err != nil {
			return err
		}
		h.State = one.HostOffline
		host.Kind.Put(tx, h)
		return nil
	})
	for _, c := range []struct {
		code one.Code
		want string
		d    Deployment
	}{
		{one.CodeNoExists, "Error getting host [4242].", Deployment{HostID: 4242, DSID: -1}},
		{one.CodeAction, "Host is offline, cannot use it to deploy VM", Deployment{HostID: 1, DSID: -1}},
		{one.CodeNoExists, "Error getting datastore [4242].", Deployment{HostID: 0, DSID: 4242}},
		{one.CodeInternal, "Trying to use datastore [1] to deploy the VM, but it is not of type system datastore.", Deployment{HostID: 0, DSID: 1}},
		{one.CodeAction, "virtual machine [0] does not fit in host [0]. Not enough CPU: 100000/800", Deployment{HostID: 0, DSID: -1, Enforce: true}},
	} {
		w.refused(t, c.code, c.want, func(tx *store.Tx) error { return Deploy(tx, w.s, oneadmin, id, c.d) })
	}
	w.must(func(tx *store.Tx) error { return Deploy(tx, w.s, oneadmin, id, Deployment{HostID: 0, DSID: -1}) })
	w.run(id)
	w.refused(t, one.CodeAction, "Deploy action is not available for state RUNNING", func(tx *store.Tx) error {
		return Deploy(tx, w.s, oneadmin, id, Deployment{HostID: 0, DSID: -1})
	})
	w.refused(t, one.CodeAction, "VM is already running on host [0] and datastore [0]", func(tx *store.Tx) error {
		return Migrate(tx, w.s, oneadmin, id, Migration{HostID: 0, DSID: -1, Live: true})
	})
}

// The driver's error is in USER_TEMPLATE/ERROR, and recover --retry boots the VM.
func TestErrorOfAFailedBoot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.allocate(small, true)
	w.must(func(tx *store.Tx) error { return Deploy(tx, w.s, oneadmin, id, Deployment{HostID: 0, DSID: -1}) })
	w.settle(id, nil, nil) // prolog
	w.settle(id, nil, errors.New("no such bridge"))
	v := w.vm(id)
	if got := v.Status().String(); got != "BOOT_FAILURE" {
		t.Fatalf("got %s; want BOOT_FAILURE", got)
	}
	if got := v.User.Get("ERROR"); !strings.HasSuffix(got, ": DEPLOY: no such bridge") || !strings.HasPrefix(got, "Mon Nov 23 ") {
		t.Errorf("ERROR is %q", got)
	}
	w.must(func(tx *store.Tx) error { return Recover(tx, w.s, oneadmin, id, lifecycle.RecoverRetry) })
	w.settle(id, map[string]string{OutDeployID: "one-0"}, nil)
	if v := w.vm(id); v.Status().String() != "RUNNING" || v.DeployID != "one-0" {
		t.Errorf("got %s as %q; want RUNNING as one-0", v.Status(), v.DeployID)
	}
}

// A failed attach releases the disk's image and the NIC's lease.
func TestFailedAttachReleasesDiskAndNIC(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running(small)
	w.must(func(tx *store.Tx) error { return AttachDisk(tx, w.s, alice, id, template("DISK=[IMAGE_ID=0]")) })
	w.settle(id, nil, errors.New("refused"))
	w.must(func(tx *store.Tx) error { return AttachNIC(tx, w.s, alice, id, template("NIC=[NETWORK_ID=0]")) })
	w.settle(id, nil, errors.New("refused"))
	v := w.vm(id)
	if len(v.Template.Vectors("DISK"))+len(v.Template.Vectors("NIC"))+len(v.Template.Vectors("SECURITY_GROUP_RULE")) != 0 {
		t.Errorf("the failed attach left %s", v.Template.Text())
	}
	w.audit()
}

// A failed resize restores capacity, also on the host.
func TestFailedResizeRestoresCapacity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running(small)
	w.must(func(tx *store.Tx) error {
		return Resize(tx, w.s, alice, id, template("CPU=2\nVCPU=3\nMEMORY=128"), true)
	})
	if got := Capacity(w.vm(id)); got != (host.Capacity{CPU: 200, MemoryKiB: 128 << 10}) {
		t.Errorf("during the resize it uses %+v", got)
	}
	w.audit()
	w.settle(id, nil, errors.New("refused"))
	if v := w.vm(id); v.Template.Get("CPU") != "1" || v.MemoryMiB() != 64 || v.Template.Has("VCPU") {
		t.Errorf("got CPU %s, VCPU %d, MEMORY %d; want 1, none, 64", v.Template.Get("CPU"), v.VCPU(), v.MemoryMiB())
	}
	w.audit()
}

// Observations that are older than the VM's status, or from another host, or during an effect are
// ignored.
func TestObserve(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running(small)
	see := func(hostID int, state drivers.DomainState, began time.Time) string {
		w.must(func(tx *store.Tx) error { return Observe(tx, w.s, id, hostID, state, began) })
		return w.vm(id).Status().String()
	}
	later := time.Unix(w.vm(id).Changed+60, 0)
	if got := see(0, drivers.DomainOff, time.Unix(w.vm(id).Changed, 0)); got != "RUNNING" {
		t.Errorf("after an old observation it is %s", got)
	}
	if got := see(1, drivers.DomainOff, later); got != "RUNNING" {
		t.Errorf("after an observation of another host it is %s", got)
	}
	if err := w.act(alice, id, "reboot"); err != nil {
		t.Fatal(err)
	}
	if got := see(0, drivers.DomainOff, later); got != "RUNNING" {
		t.Errorf("observed off during a reboot, it is %s", got)
	}
	w.run(id)
	if got := see(0, drivers.DomainOff, later.Add(time.Hour)); got != "POWEROFF" {
		t.Errorf("observed off, it is %s; want POWEROFF", got)
	}
	if rec := w.vm(id).Last(); rec.Action != one.ActionMonitor {
		t.Errorf("the history record has the action %s; want monitor", rec.Action)
	}
}

// Quotas refuse requests, but not what happens without a request.
func TestQuotasRefuseRequestsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running(small)
	w.must(func(tx *store.Tx) error {
		return quota.SetLimits(tx, quota.Users, alice.UID, template("VM=[VMS=1,CPU=2,RUNNING_CPU=1]\nVM=[CLUSTER_IDS=0,VMS=9]"), func(r store.Reader, clusters []int) quota.Delta {
			return UsedIn(r, func(uid, _ int) bool { return uid == alice.UID }, clusters)
		})
	})
	w.refused(t, one.CodeAuthorization, "User [2] : user [2] limit of 1 reached for VMS quota in VM.", func(tx *store.Tx) error {
		_, err := Allocate(tx, w.s, alice, template(small), true)
		return err
	})
	w.refused(t, one.CodeAuthorization, "User [2] : user [2] limit of 2 reached for CPU quota in VM.", func(tx *store.Tx) error {
		return Resize(tx, w.s, alice, id, template("CPU=100"), false)
	})
	if err := w.act(alice, id, "poweroff"); err != nil {
		t.Fatal(err)
	}
	w.run(id)
	w.audit()
}

func TestRight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.store.Read()
	for action, want := range map[one.HistoryAction]one.Right{
		one.ActionDeploy: one.Admin, one.ActionPoweroff: one.Manage, one.ActionResched: one.Admin, one.ActionNone: one.Manage,
	} {
		if got := Right(r, w.s, alice, action); got != want {
			t.Errorf("%s needs %s; want %s", action, got, want)
		}
	}
	s := w.s
	s.UseOps, s.ManageOps = "poweroff", "deploy"
	s.AdminOps = ""
	if got := Right(r, s, alice, one.ActionPoweroffHard); got != one.Use {
		t.Errorf("poweroff-hard needs %s after VM_USE_OPERATIONS named poweroff", got)
	}
}

func TestRestrictedAttributes(t *testing.T) {
	t.Parallel()
	s := DefaultSettings()
	err := CheckRestricted(s, alice, "Template", template("NIC=[NETWORK_ID=0,MAC=02:00:00:00:00:01]"))
	if err == nil || err.Error() != "User [2] : Template includes a restricted attribute MAC." {
		t.Errorf("got %v", err)
	}
	for _, c := range []struct {
		who  *one.Caller
		text string
	}{{oneadmin, "EMULATOR=x"}, {alice, "NIC=[NETWORK_ID=0]\nRAW=[TYPE=kvm]"}} {
		if err := CheckRestricted(s, c.who, "Template", template(c.text)); err != nil {
			t.Errorf("%s: %s: %v", c.who.UName, c.text, err)
		}
	}
}

// A NIC needs a network of the VM's cluster; a network without clusters is in none.
func TestAttachNICRefusesNetworksOfOtherClusters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running(small)
	w.must(func(tx *store.Tx) error { return network.Leave(tx, 0, 0) })
	w.refused(t, one.CodeAction, "Virtual network is not part of cluster [0]", func(tx *store.Tx) error {
		return AttachNIC(tx, w.s, alice, id, template("NIC=[NETWORK_ID=0]"))
	})
	w.audit()
}

// A Complaint is not changed. Other errors begin with the name of the operation.
func TestTextOfAComplaint(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]string{
		fmt.Errorf("on node1: %w", Complaint("no such context")): "no such context",
		errors.New("no such context"):                            "DEPLOY: no such context",
		&drivers.Said{Err: errors.New("for the log")}:            "",
	} {
		if got := complaint(lifecycle.DoBoot.String(), err); got != want {
			t.Errorf("%v: got %q; want %q", err, got, want)
		}
	}
}
