package vm

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// thrifty is a world in which alice has an undeployed VM that uses all of her quotas.
func thrifty(t *testing.T) (w *world, id int) {
	t.Helper()
	w = newWorld(t)
	w.must(func(tx *store.Tx) (err error) {
		id, err = Allocate(tx, w.s, alice, template(small+"\nDISK=[IMAGE_ID=0]\nNIC=[NETWORK_ID=0]"), true)
		return err
	})
	w.must(func(tx *store.Tx) error {
		v, err := Kind.Edit(tx, id)
		if err != nil {
			return err
		}
		v.State, v.LCM, v.History = one.VMUndeployed, one.LCMInit, []History{{HostID: 0, ClusterID: 0, VMMad: "kvm"}}
		if err := put(tx, v, unchecked); err != nil {
			return err
		}
		limits := template("VM=[VMS=1,SYSTEM_DISK_SIZE=64]\nIMAGE=[ID=2,RVMS=0]\nNETWORK=[ID=0,LEASES=1]")
		return quota.SetLimits(tx, quota.Users, alice.UID, limits, func(r store.Reader, _ []int) quota.Delta { return Usage(r, v) })
	})
	return w, id
}

// An exceeded quota is reported before other errors.
func TestQuotasAreCheckedFirst(t *testing.T) {
	t.Parallel()
	w, id := thrifty(t)
	const vms, disks = "limit of 1 reached for VMS quota in VM.", "limit of 64 reached for SYSTEM_DISK_SIZE quota in VM."
	const rvms, leases = "limit of 0 reached for RVMS quota in IMAGE with ID: 2.", "limit of 1 reached for LEASES quota in NETWORK with ID: 0."
	attach := func(text string) func(*store.Tx) error {
		return func(tx *store.Tx) error { return AttachDisk(tx, w.s, alice, id, template(text)) }
	}
	attachNIC := func(text string) func(*store.Tx) error {
		return func(tx *store.Tx) error { return AttachNIC(tx, w.s, alice, id, template(text)) }
	}
	for what, c := range map[string]struct {
		want string
		do   func(*store.Tx) error
	}{
		"a new VM with an image that there is not": {vms, func(tx *store.Tx) error {
			_, err := Allocate(tx, w.s, alice, template(small+"\nDISK=[IMAGE_ID=99]"), true)
			return err
		}},
		"a new VM with an address that is no lease": {leases, func(tx *store.Tx) error {
			_, err := Allocate(tx, w.s, alice, template(small+"\nNIC=[NETWORK_ID=0,IP=10.9.9.9]"), true)
			return err
		}},
		"a disk for a VM that is off":      {disks, attach("DISK=[TYPE=fs,SIZE=1]")},
		"a disk smaller than its image":    {rvms, attach("DISK=[IMAGE_ID=2,SIZE=1]")},
		"a NIC for a VM that is off":       {leases, attachNIC("NIC=[NETWORK_ID=0]")},
		"a NIC whose address is no lease":  {leases, attachNIC("NIC=[NETWORK_ID=0,IP=10.9.9.9]")},
		"a snapshot of a VM that is off":   {disks, func(tx *store.Tx) error { _, err := CreateSnapshot(tx, w.s, alice, id, "s"); return err }},
		"a snapshot of a disk that is off": {disks, func(tx *store.Tx) error { _, err := CreateDiskSnapshot(tx, w.s, alice, id, 0, "s"); return err }},
		"more of a disk that is off":       {disks, func(tx *store.Tx) error { return ResizeDisk(tx, w.s, alice, id, 0, "900") }},
		"a new VM with an image whose ID is no number": {vms, func(tx *store.Tx) error {
			_, err := Allocate(tx, w.s, alice, template(small+"\nDISK=[IMAGE_ID=abc]"), true)
			return err
		}},
		"an image whose ID is no number":     {"String 'abc' is not a valid ID.", attach("DISK=[IMAGE_ID=abc]")},
		"a network whose ID is only a start": {"String '1x' is not a valid ID.", attachNIC("NIC=[NETWORK_ID=\"1x\"]")},
	} {
		t.Run(what, func(t *testing.T) { w.refused(t, one.CodeAuthorization, "User [2] : user [2] "+c.want, c.do) })
	}
}

func TestAllocateErrorsWithinQuotas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for text, want := range map[string]string{
		"\nDISK=[IMAGE_ID=99]":             "DISK 0: Image with ID: 99 does not exist",
		"\nNIC=[NETWORK_ID=0,IP=10.9.9.9]": "Cannot get IP/MAC lease from virtual network 0.",
	} {
		w.refused(t, one.CodeInternal, want, func(tx *store.Tx) error {
			_, err := Allocate(tx, w.s, alice, template(small+text), true)
			return err
		})
	}
	w.refused(t, one.CodeInternal, "DISK 0: Unknown disk type ", func(tx *store.Tx) error { // oneadmin has no quotas
		_, err := Allocate(tx, w.s, oneadmin, template(small+"\nDISK=[IMAGE_ID=abc]"), true)
		return err
	})
}
