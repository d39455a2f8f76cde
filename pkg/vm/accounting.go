package vm

import (
	"iter"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Account is a copy of a VM that is stored with one of its history records (oned's VM inside
// HISTORY). Showback and accounting need it, as they charge for the VM as it was in that record's
// time.
type Account struct {
	VM        VM           `cbor:"1,keyasint"` // without History
	Seq       int          `cbor:"2,keyasint"` // of the history record
	PrevState one.VMState  `cbor:"3,keyasint,omitempty"`
	PrevLCM   one.LCMState `cbor:"4,keyasint,omitempty"`
}

// Clone implements store.Cloner.
func (a *Account) Clone() *Account {
	c := *a
	c.VM = *a.VM.Clone()
	return &c
}

// EachTemplate implements secret.Keeper.
func (a *Account) EachTemplate(change func(attr.Template) attr.Template) { a.VM.EachTemplate(change) }

// Accounts is the table of copies, with the key (VM ID, SEQ).
var Accounts = store.NewTable[Account]("vmaccount")

// A record that these events close gets a new copy of the VM: for vmInfoBefore a copy from before
// the event, for vmInfoAfter one from after it. Other events leave the copy from when the record
// was opened (set_vm_info in DispatchManagerActions.cc).
var (
	vmInfoBefore = []lifecycle.Event{
		lifecycle.DetachDisk, lifecycle.DetachNIC, lifecycle.DetachNICCold, lifecycle.ResizeDisk,
		lifecycle.DiskSnapshotCreate, lifecycle.DiskSnapshotDelete, lifecycle.DiskSnapshotRevert,
	}
	vmInfoAfter = []lifecycle.Event{
		lifecycle.AttachNIC, lifecycle.AttachNICCold, lifecycle.UpdateNIC, lifecycle.Backup, lifecycle.RestoreBackup,
	}
)

// recordAccounts stores the copies of the VM that belong to the history records that a step opens
// and closes. v already has its new status but is not yet stored.
func recordAccounts(tx *store.Tx, v *VM, from lifecycle.Status, ev lifecycle.Event, m lifecycle.Marks) {
	if len(v.History) == 0 {
		return
	}
	was, _ := Kind.Table.Get(tx, store.ID(v.ID))
	if m.Has(lifecycle.RenewRecord) && len(v.History) > 1 {
		ended := v.History[len(v.History)-2].Seq
		switch {
		case slices.Contains(vmInfoBefore, ev):
			storeAccount(tx, withActiveDevice(was, v, ev), ended, from)
		case slices.Contains(vmInfoAfter, ev):
			storeAccount(tx, withActiveDevice(v, v, ev), ended, from)
		case ev == lifecycle.AttachDisk: // oned's copy has the new state, but not yet the disk
			without := was.Clone()
			without.State, without.LCM = v.State, v.LCM
			storeAccount(tx, without, ended, from)
		}
	}
	switch {
	case ev == lifecycle.Deploy: // oned's previous LCM state is LCM_INIT here
		storeAccount(tx, v, v.Last().Seq, lifecycle.Status{State: one.VMActive})
	case m.Has(lifecycle.OpenRecord), m.Has(lifecycle.RenewRecord), m.Has(lifecycle.RevertRecord):
		storeAccount(tx, withActiveDevice(v, v, ev), v.Last().Seq, from)
	case updatesRecord(was, v, from, ev):
		told := v.Clone()
		if isOff(v.Status()) { // oned updates the copy before it sets the state
			told.State, told.LCM = from.State, from.LCM
		}
		storeAccount(tx, told, v.Last().Seq, from)
	}
}

// withActiveDevice returns a copy of shown in which the disk or NIC that ev changes has ATTACH or
// DISK_SNAPSHOT_ACTIVE set, as in oned's template. v.Doing has the device's ID.
func withActiveDevice(shown, v *VM, ev lifecycle.Event) *VM {
	shown = shown.Clone()
	disk := byID(shown.Template.Vectors("DISK"), "DISK_ID", v.doing(ArgDisk))
	nic := byID(slices.Concat(shown.Template.Vectors("NIC"), shown.Template.Vectors("NIC_ALIAS")), "NIC_ID", v.doing(ArgNIC))
	switch ev {
	case lifecycle.AttachDisk, lifecycle.DetachDisk:
		setIfPresent(disk, "ATTACH", "YES")
	case lifecycle.AttachNIC, lifecycle.AttachNICCold, lifecycle.DetachNIC, lifecycle.DetachNICCold:
		setIfPresent(nic, "ATTACH", "YES")
	case lifecycle.DiskSnapshotDelete, lifecycle.DiskSnapshotRevert:
		setIfPresent(disk, snapActive, "YES")
		setIfPresent(disk, snapID, decimal(v.doing(ArgSnapshot)))
	}
	return shown
}

// setIfPresent sets a key unless device is nil.
func setIfPresent(device *attr.Attr, key, value string) {
	if device != nil {
		device.Set(key, value)
	}
}

// updatesRecord tells whether an outcome updates the copy of the open record: a disk is detached,
// or creating, reverting or deleting a disk snapshot has ended.
func updatesRecord(was, v *VM, from lifecycle.Status, ev lifecycle.Event) bool {
	if was == nil || ev != lifecycle.OK && ev != lifecycle.Failed {
		return false
	}
	switch from.LCM {
	case one.LCMDiskSnapshot, one.LCMDiskSnapshotPoweroff, one.LCMDiskSnapshotSuspended,
		one.LCMDiskSnapshotDelete, one.LCMDiskSnapshotDeletePoweroff, one.LCMDiskSnapshotDeleteSuspended,
		one.LCMDiskSnapshotRevertPoweroff:
		return true
	}
	return len(v.Template.Vectors("DISK")) < len(was.Template.Vectors("DISK"))
}

// storeAccount stores v as the copy for the record seq.
func storeAccount(tx *store.Tx, v *VM, seq int, prev lifecycle.Status) {
	kept := v.Clone()
	kept.History, kept.Doing = nil, nil
	Accounts.Put(tx, store.Pair(v.ID, seq), &Account{VM: *kept, Seq: seq, PrevState: prev.State, PrevLCM: prev.LCM})
}

// settleAccounts stores a copy for each record that is closed without one. Earlier versions stored
// copies only of closed records, so their stores have open records without a copy.
func settleAccounts(tx *store.Tx, was, v *VM) {
	if was == nil {
		return
	}
	for i := range v.History {
		rec := &v.History[i]
		if rec.ETime == 0 || i >= len(was.History) || was.History[i].ETime != 0 {
			continue
		}
		if _, there := Accounts.Get(tx, store.Pair(v.ID, rec.Seq)); !there {
			storeAccount(tx, was, rec.Seq, was.Status())
		}
	}
}

// Records iterates over the history records of a VM with their copies. A record that has no copy
// comes with the VM as it is now.
func Records(r store.Reader, v *VM) iter.Seq2[*History, *Account] {
	return func(yield func(*History, *Account) bool) {
		for i := range v.History {
			rec := &v.History[i]
			a, ok := Accounts.Get(r, store.Pair(v.ID, rec.Seq))
			if !ok {
				a = &Account{VM: *v, Seq: rec.Seq, PrevState: v.State, PrevLCM: v.LCM}
			}
			if !yield(rec, a) {
				return
			}
		}
	}
}

// Period is a period of time in Unix seconds; -1 means unlimited.
type Period struct{ Start, End int64 }

// Meets tells whether a history record overlaps with the period.
func (p Period) Meets(rec *History) bool {
	return (p.Start == -1 || rec.ETime > p.Start || rec.ETime == 0) && (p.End == -1 || rec.STime < p.End)
}
