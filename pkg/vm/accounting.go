package vm

import (
	"iter"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Account is a VM as a record of its history shows it: what it cost follows from
// what it was then, and not from what became of it.
type Account struct {
	VM        VM           `cbor:"1,keyasint"` // without its history
	Seq       int          `cbor:"2,keyasint"` // of the record
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

// Accounts is the table of them. Its key is (VM, record).
var Accounts = store.NewTable[Account]("vmaccount")

// shownBefore are the events before which the record that they end takes in the VM
// anew; shownAfter those that have begun when it does. The others leave it as it
// was when the record began (set_vm_info in DispatchManagerActions.cc).
var (
	shownBefore = []lifecycle.Event{
		lifecycle.DetachDisk, lifecycle.DetachNIC, lifecycle.DetachNICCold, lifecycle.ResizeDisk,
		lifecycle.DiskSnapshotCreate, lifecycle.DiskSnapshotDelete, lifecycle.DiskSnapshotRevert,
	}
	shownAfter = []lifecycle.Event{
		lifecycle.AttachNIC, lifecycle.AttachNICCold, lifecycle.UpdateNIC, lifecycle.Backup, lifecycle.RestoreBackup,
	}
)

// keepAccounts writes down what the VM is for the records that a step begins, and for
// the one that it ends. v has its new status and is not put back yet.
func keepAccounts(tx *store.Tx, v *VM, from lifecycle.Status, ev lifecycle.Event, m lifecycle.Marks) {
	if len(v.History) == 0 {
		return
	}
	was, _ := Kind.Table.Get(tx, store.ID(v.ID))
	if m.Has(lifecycle.RenewRecord) && len(v.History) > 1 {
		ended := v.History[len(v.History)-2].Seq
		switch {
		case slices.Contains(shownBefore, ev):
			keep(tx, marked(was, v, ev), ended, from)
		case slices.Contains(shownAfter, ev):
			keep(tx, marked(v, v, ev), ended, from)
		case ev == lifecycle.AttachDisk: // on its way, but without the disk
			without := was.Clone()
			without.State, without.LCM = v.State, v.LCM
			keep(tx, without, ended, from)
		}
	}
	switch {
	case ev == lifecycle.Deploy: // from LCM_INIT
		keep(tx, v, v.Last().Seq, lifecycle.Status{State: one.VMActive})
	case m.Has(lifecycle.OpenRecord), m.Has(lifecycle.RenewRecord), m.Has(lifecycle.RevertRecord):
		keep(tx, marked(v, v, ev), v.Last().Seq, from)
	case recordable(was, v, from, ev):
		told := v.Clone()
		if isOff(v.Status()) { // that it is off again is said later
			told.State, told.LCM = from.State, from.LCM
		}
		keep(tx, told, v.Last().Seq, from)
	}
}

// marked is a VM with the device marked that is at work, as oned's template has it; v
// says which that is.
func marked(shown, v *VM, ev lifecycle.Event) *VM {
	shown = shown.Clone()
	disk := byID(shown.Template.Vectors("DISK"), "DISK_ID", v.doing(ArgDisk))
	nic := byID(slices.Concat(shown.Template.Vectors("NIC"), shown.Template.Vectors("NIC_ALIAS")), "NIC_ID", v.doing(ArgNIC))
	switch ev {
	case lifecycle.AttachDisk, lifecycle.DetachDisk:
		setOn(disk, "ATTACH", "YES")
	case lifecycle.AttachNIC, lifecycle.AttachNICCold, lifecycle.DetachNIC, lifecycle.DetachNICCold:
		setOn(nic, "ATTACH", "YES")
	case lifecycle.DiskSnapshotDelete, lifecycle.DiskSnapshotRevert:
		setOn(disk, snapActive, "YES")
		setOn(disk, snapID, decimal(v.doing(ArgSnapshot)))
	}
	return shown
}

// setOn sets a key of a device that is there.
func setOn(device *attr.Attr, key, value string) {
	if device != nil {
		device.Set(key, value)
	}
}

// recordable is true of outcomes that the open record takes in: a disk has gone, a snapshot
// of one was made or was not.
func recordable(was, v *VM, from lifecycle.Status, ev lifecycle.Event) bool {
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

// keep writes down v for one of its records.
func keep(tx *store.Tx, v *VM, seq int, prev lifecycle.Status) {
	kept := v.Clone()
	kept.History, kept.Doing = nil, nil
	Accounts.Put(tx, store.Pair(v.ID, seq), &Account{VM: *kept, Seq: seq, PrevState: prev.State, PrevLCM: prev.LCM})
}

// settleAccounts keeps what the VM was for each record that ends and has nothing
// written down: one of a store that knew only records that had ended.
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
			keep(tx, was, rec.Seq, was.Status())
		}
	}
}

// Records walks the history of a VM, and with each record the VM as it was written
// down for it, or else as it is.
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

// Period is a span of time in seconds since 1970; -1 is no limit.
type Period struct{ Start, End int64 }

// Meets tells whether a record has part in the period.
func (p Period) Meets(rec *History) bool {
	return (p.Start == -1 || rec.ETime > p.Start || rec.ETime == 0) && (p.End == -1 || rec.STime < p.End)
}
