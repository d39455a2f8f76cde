package backupjob

import (
	"errors"
	"slices"
	"time"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// setVMs sets the VMs of a job. VMs that are in another job are refused.
func setVMs(tx *store.Tx, id int, vms []int) error {
	for row := range vm.JobVMs.Of(tx, id) {
		if member := int(row.Key.B); !slices.Contains(vms, member) {
			vm.LeaveJob(tx, id, member)
		}
	}
	for _, member := range vms {
		if taken := vm.JoinJob(tx, id, member); taken >= 0 {
			return one.Errorf(one.CodeInternal, "Unable to add VM %d to Backup Job %d. It's already in Backup Job %d", member, id, taken)
		}
	}
	return nil
}

// Start marks all VMs of a job for a backup. It serves one.backupjob.backup and scheduled
// actions.
func Start(tx *store.Tx, id int) error {
	j, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if len(In(tx, id, vm.JobOutdated)) > 0 || len(In(tx, id, vm.JobBackingUp)) > 0 {
		return one.Errorf(one.CodeAction, "Unable to execute Backup Job, pending backups in progress")
	}
	for _, member := range vmsOf(j.Template) {
		vm.JobVMs.Put(tx, store.Pair(id, member), &vm.JobVM{State: vm.JobOutdated})
	}
	j.Started = tx.Now.Unix()
	j.Template.Del("ERROR")
	Kind.Put(tx, j)
	return nil
}

// Cancel cancels backups that are waiting or running.
func Cancel(tx *store.Tx, s vm.Settings, c *one.Caller, id int) error {
	if _, err := Kind.Get(tx, id); err != nil {
		return err
	}
	active := In(tx, id, vm.JobBackingUp)
	move(tx, id, vm.JobOutdated, vm.JobIdle)
	move(tx, id, vm.JobBackingUp, vm.JobIdle)
	for _, member := range active {
		var refused *one.Error
		if err := vm.CancelBackup(tx, s, c, member); err != nil && !errors.As(err, &refused) {
			return err // the backup has already ended
		}
	}
	Kind.Table.Touch(tx, store.ID(id))
	return nil
}

// Retry marks the VMs whose backup has failed for another one.
func Retry(tx *store.Tx, id int) error {
	j, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	move(tx, id, vm.JobError, vm.JobOutdated)
	j.Template.Del("ERROR")
	Kind.Put(tx, j)
	return nil
}

func move(tx *store.Tx, id int, from, to vm.JobState) {
	for _, member := range In(tx, id, from) {
		vm.JobVMs.Put(tx, store.Pair(id, member), &vm.JobVM{State: to})
	}
}

// Limits limit the number of concurrent backups.
type Limits struct {
	All, PerHost int // 0 is unlimited
}

// Next starts the next backup of a job, if the limits allow it, and tells whether it did. Callers
// repeat it until it returns false, in a transaction each, so that a backup that fails to start
// does not affect others.
func Next(tx *store.Tx, s vm.Settings, by *one.Caller, l Limits) (bool, error) {
	load := vm.CountBackups(tx)
	if l.All > 0 && load.All >= l.All {
		return false, nil
	}
	for _, j := range byPriority(tx) {
		member, ok := j.next(tx, load, l)
		if !ok {
			continue
		}
		return true, j.begin(tx, s, by, member)
	}
	return false, nil
}

// next returns the VM of a job to back up next.
func (j *Job) next(r store.Reader, load vm.BackupLoad, l Limits) (int, bool) {
	if j.Template.Get("EXECUTION") == "SEQUENTIAL" && len(In(r, j.ID, vm.JobBackingUp)) > 0 {
		return 0, false
	}
	for _, member := range vmsOf(j.Template) {
		m, ok := vm.JobVMs.Get(r, store.Pair(j.ID, member))
		if !ok || m.State != vm.JobOutdated {
			continue
		}
		v, there := vm.Kind.Table.Get(r, store.ID(member))
		if !there || v.State == one.VMDone {
			return member, true // begin removes it from the job
		}
		if v.Last() == nil || l.PerHost > 0 && load.ByHost[v.Last().HostID] >= l.PerHost {
			continue
		}
		return member, true
	}
	return 0, false
}

// begin starts the backup of a VM. A VM that does not exist any more is removed from the job.
func (j *Job) begin(tx *store.Tx, s vm.Settings, by *one.Caller, member int) error {
	v, there := vm.Kind.Table.Get(tx, store.ID(member))
	if !there || v.State == one.VMDone {
		c, err := Kind.Edit(tx, j.ID)
		if err != nil {
			return err
		}
		rest := slices.DeleteFunc(vmsOf(c.Template), func(id int) bool { return id == member })
		c.Template.Set("BACKUP_VMS", join(rest))
		Kind.Put(tx, c)
		vm.LeaveJob(tx, j.ID, member)
		return nil
	}
	if err := j.checkOwner(tx, s, member); err != nil {
		return err
	}
	ds, ok := j.Template.Int("DATASTORE_ID")
	if !ok {
		ds = -1
	}
	reset, _ := j.Template.Bool("RESET")
	vm.JobVMs.Put(tx, store.Pair(j.ID, member), &vm.JobVM{State: vm.JobBackingUp})
	Kind.Table.Touch(tx, store.ID(j.ID))
	return vm.BackupForJob(tx, s, by, member, ds, reset, j.ID, j.config())
}

// Failed stores the error of a backup that Next could not start, with the request, as oned does.
func Failed(tx *store.Tx, l Limits, why error) error {
	load := vm.CountBackups(tx)
	for _, j := range byPriority(tx) {
		member, ok := j.next(tx, load, l)
		if !ok {
			continue
		}
		vm.JobVMs.Put(tx, store.Pair(j.ID, member), &vm.JobVM{State: vm.JobError, Ended: tx.Now.Unix()})
		c, err := Kind.Edit(tx, j.ID)
		if err != nil {
			return err
		}
		c.Template.Set("ERROR", tx.Now.Local().Format(time.ANSIC)+" : [backup] "+why.Error())
		Kind.Put(tx, c)
		return nil
	}
	return nil
}
