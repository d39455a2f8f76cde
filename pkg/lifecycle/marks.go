package lifecycle

import (
	"math/bits"
	"strings"
)

// Marks is a set of bookkeeping that is done in the transaction of a step.
// Each mark is told once and never repeated: it is committed with the status.
type Marks uint32

// The marks. A history record carries the capacity of its host: the record
// that is open holds it, and only that one.
const (
	// OpenRecord begins a record on the chosen host and takes its capacity there.
	OpenRecord Marks = 1 << iota
	// RenewRecord ends the open record and begins a copy on the same host,
	// which runs if the first did. Capacity stays as it is.
	RenewRecord
	// CloseRecord ends the newest record (ETIME, and the phase that is open in
	// it) and gives its host's capacity back.
	CloseRecord
	// CloseOldRecord does so to the record before the newest: the VM left that host.
	CloseOldRecord
	// RevertRecord undoes a move: it does as CloseRecord to the newest record and
	// begins a copy of the one before. That host's capacity is taken again if
	// CloseOldRecord gave it back.
	RevertRecord
	// ClearAction sets the record's ACTION back to none: the request came to nothing, or is done.
	ClearAction

	// PrologStart is PSTIME now; PrologEnd is PETIME now.
	PrologStart
	PrologEnd
	// RunStart is RSTIME now, RETIME 0; RunOn sets RETIME back to 0; RunEnd is
	// RETIME now, and a command that was being executed in the guest counts as
	// cancelled.
	RunStart
	RunOn
	RunEnd
	// EpilogStart is ESTIME now; EpilogEnd is EETIME now.
	EpilogStart
	EpilogEnd

	// TakeRunningQuota charges the RUNNING_ quotas. Before Submit, Resume and
	// Deploy the rule has checked them; for every other event they are not
	// checked, for what is so must be counted.
	TakeRunningQuota
	// ReleaseRunningQuota gives them back.
	ReleaseRunningQuota
	// ReleaseAll ends the VM: ETIME now, and images, leases, group places and
	// all quotas that it still has are given back.
	ReleaseAll

	// SetResched and ClearResched are the RESCHED flag.
	SetResched
	ClearResched
	// ClearSnapshots forgets the VM's snapshots, unless its driver keeps them.
	ClearSnapshots
	// ClearDiskSnapshots forgets snapshots of disks that are not persistent.
	ClearDiskSnapshots
	// ForgetDeployID empties DEPLOY_ID: the VM starts over.
	ForgetDeployID

	// CommitChange makes final what the change under way was for, UndoChange
	// takes it back; Status.Change says which change that is.
	CommitChange
	UndoChange

	// CheckImages looks at the images of a VM in CLONING once more.
	CheckImages
	// WakePlacement tells placement that there is a VM to place, or room.
	WakePlacement
	// LeftBehind warns in the VM's log that hosts may still have parts of it.
	LeftBehind
)

var markNames = [...]string{
	"open-record", "renew-record", "close-record", "close-old-record", "revert-record", "clear-action",
	"prolog-start", "prolog-end", "run-start", "run-on", "run-end", "epilog-start", "epilog-end",
	"take-running-quota", "release-running-quota", "release-all",
	"set-resched", "clear-resched", "clear-snapshots", "clear-disk-snapshots", "forget-deploy-id",
	"commit-change", "undo-change", "check-images", "wake-placement", "left-behind",
}

// Has says that all of the given marks are set.
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
