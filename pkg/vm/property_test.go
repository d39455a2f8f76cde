package vm

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

var actionNames = []string{
	"terminate", "terminate-hard", "undeploy", "undeploy-hard", "poweroff", "poweroff-hard", "suspend", "stop",
	"resume", "hold", "release", "reboot", "reboot-hard", "resched", "unresched", "no-such-action",
}

var templates = []string{
	"CPU=0.5\nMEMORY=128",
	"CPU=0.333\nMEMORY=64\nDISK=[IMAGE_ID=0]\nNIC=[NETWORK_ID=0]\nGRAPHICS=[TYPE=VNC]",
	"CPU=1\nMEMORY=64\nDISK=[IMAGE=data]\nDISK=[TYPE=swap,SIZE=16]\nNIC=[NETWORK_ID=0]\nNIC_ALIAS=[NETWORK_ID=0,PARENT=NIC0]\nCONTEXT=[NETWORK=YES]",
	"CPU=2\nMEMORY=512\nDISK=[IMAGE_ID=2]\nDISK=[IMAGE_ID=0,SIZE=100]\nNIC=[NETWORK_ID=4242]",
	"CPU=2\nMEMORY=512\nDISK=[IMAGE_ID=2]\nDISK=[IMAGE_ID=0,SIZE=100]",
	"CPU=1\nVCPU=2\nMEMORY=64\nTOPOLOGY=[PIN_POLICY=CORE]",
	"CPU=1\nVCPU=2\nMEMORY=64\nTOPOLOGY=[PIN_POLICY=THREAD,SOCKETS=2]",
	"CPU=1\nMEMORY=64\nTOPOLOGY=[NODE_AFFINITY=1,HUGEPAGE_SIZE=2]",
}

// request is a random request for a VM.
type request func(tx *store.Tx, w *world, t *rapid.T, id int) error

var requests = []request{
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		return Act(tx, w.s, alice, id, rapid.SampledFrom(actionNames).Draw(t, "action"))
	},
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		return Deploy(tx, w.s, oneadmin, id, Deployment{HostID: rapid.IntRange(0, 2).Draw(t, "host"), DSID: -1, Enforce: rapid.Bool().Draw(t, "enforce")})
	},
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		return Migrate(tx, w.s, oneadmin, id, Migration{
			HostID: rapid.IntRange(0, 1).Draw(t, "host"), DSID: -1, Live: rapid.Bool().Draw(t, "live"), Kind: rapid.IntRange(0, 2).Draw(t, "kind"),
		})
	},
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		ev, err := ParseRecovery(rapid.IntRange(0, 5).Draw(t, "recovery"))
		if err != nil {
			return err
		}
		return Recover(tx, w.s, oneadmin, id, ev)
	},
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		text := rapid.SampledFrom([]string{"DISK=[IMAGE_ID=0]", "DISK=[IMAGE_ID=1]", "DISK=[IMAGE_ID=2]", "DISK=[TYPE=fs,SIZE=8]", "DISK=[TYPE=fs]"}).Draw(t, "disk")
		return AttachDisk(tx, w.s, alice, id, template(text))
	},
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		return DetachDisk(tx, w.s, alice, id, rapid.IntRange(0, 3).Draw(t, "disk"))
	},
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		text := rapid.SampledFrom([]string{"NIC=[NETWORK_ID=0]", "NIC=[NETWORK_ID=0,IP=192.168.0.30]", "NIC_ALIAS=[NETWORK_ID=0,PARENT=NIC0]", "X=1"}).Draw(t, "nic")
		return AttachNIC(tx, w.s, alice, id, template(text))
	},
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		return DetachNIC(tx, w.s, alice, id, rapid.IntRange(0, 3).Draw(t, "nic"))
	},
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		return UpdateNIC(tx, w.s, oneadmin, id, 0, template("NIC=[INBOUND_AVG_BW=7]"), rapid.Bool().Draw(t, "append"))
	},
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		return Resize(tx, w.s, alice, id, template(rapid.SampledFrom([]string{"CPU=1.5\nMEMORY=256", "VCPU=3", "CPU=1000"}).Draw(t, "size")), rapid.Bool().Draw(t, "enforce"))
	},
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		return ResizeDisk(tx, w.s, alice, id, rapid.IntRange(0, 1).Draw(t, "disk"), rapid.SampledFrom([]string{"200", "300", "1"}).Draw(t, "size"))
	},
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		_, err := CreateSnapshot(tx, w.s, alice, id, "")
		return err
	},
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		return DeleteSnapshot(tx, w.s, alice, id, rapid.IntRange(0, 2).Draw(t, "snapshot"))
	},
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		_, err := CreateDiskSnapshot(tx, w.s, alice, id, rapid.IntRange(0, 1).Draw(t, "disk"), "s")
		return err
	},
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		return RevertDiskSnapshot(tx, w.s, alice, id, 0, rapid.IntRange(0, 2).Draw(t, "snapshot"))
	},
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		return DeleteDiskSnapshot(tx, w.s, alice, id, 0, rapid.IntRange(0, 2).Draw(t, "snapshot"))
	},
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		return UpdateConf(tx, w.s, alice, id, template("CONTEXT=[NETWORK=YES,NEW=1]\nGRAPHICS=[TYPE=SPICE]"), rapid.Bool().Draw(t, "append"))
	},
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		to := object.Ownership{UID: 3, GID: 101, UName: "bob", GName: "ops"}
		if rapid.Bool().Draw(t, "back") {
			to = object.Ownership{UID: 2, GID: 100, UName: "alice", GName: "devs"}
		}
		return Kind.Chown(tx, oneadmin, id, to)
	},
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		state := drivers.DomainState(rapid.IntRange(0, 5).Draw(t, "state"))
		return Observe(tx, w.s, id, rapid.IntRange(0, 1).Draw(t, "host"), state, tx.Now.Add(time.Hour))
	},
	func(tx *store.Tx, w *world, t *rapid.T, _ int) error {
		mtu := rapid.SampledFrom([]string{"1400", "1500", "9000"}).Draw(t, "mtu")
		if err := network.Update(tx, w.s.Network, oneadmin, 0, "MTU="+mtu, true); err != nil {
			return err
		}
		return Follow(tx, w.s, 0)
	},
	func(tx *store.Tx, w *world, t *rapid.T, _ int) error {
		if err := network.Recover(tx, 0, rapid.IntRange(0, 3).Draw(t, "recovery")); err != nil {
			return err
		}
		return Follow(tx, w.s, 0)
	},
	func(tx *store.Tx, w *world, t *rapid.T, id int) error {
		return HostLost(tx, w.s, rapid.IntRange(0, 1).Draw(t, "host"))
	},
}

// TestRandomRequests makes random requests, lets effects succeed or fail, and audits hosts,
// images, networks and quotas after each.
func TestRandomRequests(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := openWorld(t)
		defer w.store.Close()
		withNodes(w)
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			w.randomStep(t)
			w.audit()
		}
		w.endAll()
		w.audit()
		w.nothingLeft(t)
	})
}

func (w *world) randomStep(t *rapid.T) {
	vms := Kind.Table.Len(w.store.Read())
	kind := rapid.IntRange(0, 9).Draw(t, "kind")
	id := rapid.IntRange(0, max(vms-1, 0)).Draw(t, "vm")
	switch {
	case vms == 0 || kind == 0 && vms < 5:
		text, hold := rapid.SampledFrom(templates).Draw(t, "template"), rapid.Bool().Draw(t, "hold")
		w.try(t, func(tx *store.Tx) error {
			_, err := Allocate(tx, w.s, alice, template(text), hold)
			return err
		})
	case kind <= 2: // most requests need a running VM without an effect
		w.run(id)
		w.try(t, func(tx *store.Tx) error { return Deploy(tx, w.s, oneadmin, id, Deployment{HostID: 0, DSID: -1}) })
		w.run(id)
	case kind <= 5:
		var why error
		if rapid.IntRange(0, 3).Draw(t, "fails") == 0 {
			why = errors.New("the driver refused")
		}
		w.settle(id, map[string]string{OutDeployID: fmt.Sprintf("one-%d", id)}, why)
	default:
		ask := rapid.SampledFrom(requests).Draw(t, "request")
		w.try(t, func(tx *store.Tx) error { return ask(tx, w, t, id) })
	}
}

// try allows errors that are meant for users (one.Error), but no others.
func (w *world) try(t *rapid.T, fn func(tx *store.Tx) error) {
	err := w.update(fn)
	var told *one.Error
	if err != nil && !errors.As(err, &told) {
		t.Fatalf("not an error for users: %v", err)
	}
}

// endAll deletes all VMs.
func (w *world) endAll() {
	for id := range Kind.Table.Len(w.store.Read()) {
		for w.vm(id).State != one.VMDone {
			w.must(func(tx *store.Tx) error { return Recover(tx, w.s, oneadmin, id, lifecycle.RecoverDelete) })
			w.run(id)
		}
	}
}

// nothingLeft checks that deleted VMs have released everything.
func (w *world) nothingLeft(t *rapid.T) {
	r := w.store.Read()
	if n := network.Lags.Len(r); n != 0 {
		t.Fatalf("%d VMs are listed in networks that they have left", n)
	}
	if n := network.Leases.Len(r); n != 0 {
		t.Fatalf("%d leases are left", n)
	}
	if n := effect.Table.Len(r); n != 0 {
		t.Fatalf("%d effects are left", n)
	}
	for row := range host.Kind.Table.All(r) {
		if s := row.Val.Share; s.CPUUsage != 0 || s.MemUsageKiB != 0 || s.RunningVMs != 0 {
			t.Fatalf("host %d still has VMs: %+v", row.Val.ID, s)
		}
		if claims := row.Val.NUMA.Claims; len(claims) != 0 {
			t.Fatalf("host %d still has NUMA claims: %+v", row.Val.ID, claims)
		}
	}
	for row := range image.Kind.Table.All(r) {
		torn := row.Val.Persistent && row.Val.State == one.ImageError // the VM was deleted while running
		if img := row.Val; img.RunningVMs != 0 || img.State != one.ImageReady && !torn {
			t.Fatalf("image %d is %s and used %d times", img.ID, img.State, img.RunningVMs)
		}
	}
}
