package vm

import (
	"github.com/renkei-vpe/renkei/pkg/store"
)

// jobDone tells the backup job of a VM how the VM's backup ended.
func jobDone(tx *store.Tx, v *VM, ok bool) {
	job := v.Backups.number(cfgJob)
	if job < 0 {
		return
	}
	m, there := JobVMs.Edit(tx, store.Pair(job, v.ID))
	if !there || m.State != JobBackingUp {
		return
	}
	m.State, m.Ended = JobError, tx.Now.Unix()
	if ok {
		m.State = JobUpdated
	}
	JobVMs.Put(tx, store.Pair(job, v.ID), m)
}

// JobState is how far a backup job has come with a VM.
type JobState uint8

// The states: one of the lists of a backup job each.
const (
	JobIdle JobState = iota
	JobOutdated
	JobBackingUp
	JobUpdated
	JobError
)

// JobVM is a VM of a backup job.
type JobVM struct {
	State JobState `cbor:"1,keyasint"`
	Ended int64    `cbor:"2,keyasint,omitempty"` // when its backup ended last
}

// Clone implements store.Cloner.
func (m *JobVM) Clone() *JobVM { c := *m; return &c }

// JobVMs tells, for each backup job and each of its VMs, how far it has come.
// It is here because VMs know how their backups end, and do not know jobs.
var JobVMs = store.NewTable[JobVM]("backupjob-vm")
