package vm

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
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

// JoinJob has a VM belong to a backup job. It answers the job that it belongs to
// already; -1 says that it joined. One that is not there is listed all the same.
func JoinJob(tx *store.Tx, job, id int) (taken int) {
	v, ok := Kind.Table.Edit(tx, store.ID(id))
	if ok {
		of := v.Backups.number(cfgJob)
		if _, member := JobVMs.Get(tx, store.Pair(of, id)); member && of != job {
			return of
		}
		v.Backups.Config.Set(cfgJob, strconv.Itoa(job))
		Kind.Put(tx, v)
	}
	if _, member := JobVMs.Get(tx, store.Pair(job, id)); !member {
		JobVMs.Put(tx, store.Pair(job, id), &JobVM{})
	}
	return -1
}

// LeaveJob has a VM be no member any more. What its chain began with is the
// job's, so its next backup is a full one.
func LeaveJob(tx *store.Tx, job, id int) {
	JobVMs.Delete(tx, store.Pair(job, id))
	v, ok := Kind.Table.Edit(tx, store.ID(id))
	if !ok || v.Backups.number(cfgJob) != job {
		return
	}
	v.Backups.Config.Del(cfgJob)
	if v.Backups.incremental() {
		v.Backups.newChain()
	}
	Kind.Put(tx, v)
}

// BackupForJob begins the backup of a VM in the way that its job says.
func BackupForJob(tx *store.Tx, s Settings, c *one.Caller, id, dsID int, reset bool, job int, config *attr.Attr) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	volatile, said := config.Bool(cfgVolatile)
	if !said {
		volatile = v.Backups.flag(cfgVolatile)
	}
	increment := canIncrement(v, volatile) && !v.Template.Has("SNAPSHOT")
	if err := v.configureBackups(config, increment, true); err != nil {
		return err
	}
	Kind.Put(tx, v)
	return Backup(tx, s, c, id, dsID, reset, job)
}

// BackupLoad counts the backups that are being made.
type BackupLoad struct {
	All    int
	ByHost map[int]int
}

// CountBackups counts them.
func CountBackups(r store.Reader) BackupLoad {
	load := BackupLoad{ByHost: map[int]int{}}
	for row := range ByState.Find(r, strconv.Itoa(int(one.VMActive))) {
		if v := row.Val; v.LCM == one.LCMBackup || v.LCM == one.LCMBackupPoweroff {
			load.All++
			load.ByHost[v.Last().HostID]++
		}
	}
	return load
}
