package vm

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// jobDone updates the state of a VM in its backup job after a backup.
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

// JobState is the state of a VM in a backup job.
type JobState uint8

// The states. Each is a list in the XML of a backup job, such as OUTDATED_VMS.
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
	Ended int64    `cbor:"2,keyasint,omitempty"` // end of its last backup
}

// Clone implements store.Cloner.
func (m *JobVM) Clone() *JobVM { c := *m; return &c }

// JobVMs is the table of VMs in backup jobs, with the key (job, VM). It is in this package
// because it is updated when a VM's backup ends, and pkg/backupjob imports this package.
var JobVMs = store.NewTable[JobVM]("backupjob-vm")

// JoinJob adds a VM to a backup job and returns -1, or the job that the VM is already in. VMs
// that do not exist are added, too.
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

// LeaveJob removes a VM from a backup job. The chain of increments belongs to the job, so the next
// backup is a full one.
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

// BackupForJob starts a backup of a VM with the configuration of its job.
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

// BackupLoad is the number of running backups.
type BackupLoad struct {
	All    int
	ByHost map[int]int
}

// CountBackups counts the running backups.
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
