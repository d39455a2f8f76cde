package lifecycle

import (
	"math/bits"
	"strings"
)

// Marks is a set of bookkeeping tasks that are done in the transaction of a step, so that each
// is done exactly once.
type Marks uint32

// The marks. A history record holds the VM's capacity on its host for as long as the record is
// open.
const (
	// OpenRecord opens a record on the chosen host and takes capacity there.
	OpenRecord Marks = 1 << iota
	// RenewRecord closes the open record and opens a copy on the same host, which is running if
	// the first was. Capacity stays as it is.
	RenewRecord
	// CloseRecord closes the newest record (ETIME, and the phase that is open in it) and frees
	// its host's capacity.
	CloseRecord
	// CloseOldRecord does so for the record before the newest: the VM has left that host.
	CloseOldRecord
	// RevertRecord undoes a migration: it closes the newest record and opens a copy of the one
	// before. That host's capacity is taken again if CloseOldRecord freed it.
	RevertRecord
	// ClearAction resets the record's ACTION to none, as the request has failed or is done.
	ClearAction

	// PrologStart sets PSTIME, PrologEnd PETIME.
	PrologStart
	PrologEnd
	// RunStart sets RSTIME and clears RETIME; RunOn clears RETIME; RunEnd sets RETIME and marks
	// a command that was being executed in the guest (one.vm.exec) as cancelled.
	RunStart
	RunOn
	RunEnd
	// EpilogStart sets ESTIME, EpilogEnd EETIME.
	EpilogStart
	EpilogEnd

	// TakeRunningQuota charges the RUNNING_ quotas. The rules check these before Submit, Resume
	// and Deploy only; for other events the use is counted even if it exceeds a limit.
	TakeRunningQuota
	// ReleaseRunningQuota releases them.
	ReleaseRunningQuota
	// ReleaseAll ends the VM: sets ETIME, and releases images, leases, places in VM groups and
	// all quotas.
	ReleaseAll

	// SetResched and ClearResched set and clear RESCHED.
	SetResched
	ClearResched
	// ClearSnapshots deletes the VM's system snapshots from its template, unless its driver
	// keeps them.
	ClearSnapshots
	// ClearDiskSnapshots does so for snapshots of disks that are not persistent.
	ClearDiskSnapshots
	// ForgetDeployID clears DEPLOY_ID, as the VM starts over.
	ForgetDeployID

	// CommitChange makes the current change (see Status.Change) final, UndoChange reverts it.
	CommitChange
	UndoChange

	// CheckImages checks the images of a VM in CLONING again.
	CheckImages
	// WakePlacement tells the scheduler that there is a VM to place, or free capacity.
	WakePlacement
	// LeftBehind warns in the log that hosts may still have files or a domain of the VM.
	LeftBehind
)

var markNames = [...]string{
	"open-record", "renew-record", "close-record", "close-old-record", "revert-record", "clear-action",
	"prolog-start", "prolog-end", "run-start", "run-on", "run-end", "epilog-start", "epilog-end",
	"take-running-quota", "release-running-quota", "release-all",
	"set-resched", "clear-resched", "clear-snapshots", "clear-disk-snapshots", "forget-deploy-id",
	"commit-change", "undo-change", "check-images", "wake-placement", "left-behind",
}

// Has tells whether all of the given marks are set.
func (m Marks) Has(of Marks) bool { return m&of == of }

// String lists the marks, joined by a plus.
func (m Marks) String() string {
	var names []string
	for m != 0 {
		names = append(names, nameOf(markNames[:], bits.TrailingZeros32(uint32(m))))
		m &= m - 1
	}
	return strings.Join(names, "+")
}
