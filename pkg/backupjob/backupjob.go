// Package backupjob has the rules for backup jobs: VMs that are backed up together, one after the
// other or in parallel, on request or by scheduled actions. The state of each VM in its job is in
// a table of package vm (vm.JobVMs).
package backupjob

import (
	"cmp"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Job is a backup job.
type Job struct {
	object.Meta
	Priority     int   `cbor:"10,keyasint"`
	Started      int64 `cbor:"11,keyasint,omitempty"` // LAST_BACKUP_TIME
	SchedActions []int `cbor:"12,keyasint,omitempty"`
}

// Range of priorities. Only administrators may set one above MaxOfUsers.
const (
	MinPriority = 0
	MaxPriority = 99
	MaxOfUsers  = 49
	usual       = 50
)

// Clone implements store.Cloner.
func (j *Job) Clone() *Job {
	c := *j
	c.Meta = j.Meta.Copy()
	c.SchedActions = slices.Clone(j.SchedActions)
	return &c
}

// Kind describes backup jobs to the verbs that all kinds share.
var Kind = object.Define("backupjob", object.Spec[Job]{
	Kind:     one.KindBackupJob,
	Names:    object.NamesPerOwner,
	Called:   "BACKUP JOB",
	Lockable: true,
	Updating: updating,
})

// Allocate creates a backup job.
func Allocate(tx *store.Tx, c *one.Caller, t attr.Template) (int, error) {
	t = t.Clone()
	var planned []attr.Attr
	for _, said := range t.Vectors("SCHED_ACTION") {
		planned = append(planned, said.Clone())
	}
	j := &Job{Priority: usual}
	j.Own(c)
	j.Name = t.Get("NAME")
	if n, ok := t.Int("PRIORITY"); ok {
		if n < MinPriority || n > MaxPriority {
			return -1, one.Errorf(one.CodeInternal, "Wrong priority value")
		}
		if !c.IsAdmin() && n > usual {
			return -1, one.Errorf(one.CodeAuthorization, "User [%d] not authorized to perform action on %s.", c.UID, one.KindBackupJob.Text())
		}
		j.Priority = n
	} else if t.Has("PRIORITY") {
		j.Priority = 0 // as in oned, a value that is not a number is 0
	}
	for _, name := range []string{"NAME", "PRIORITY", "SCHED_ACTION"} {
		t.Del(name)
	}
	vms, err := normalize(&t)
	if err != nil {
		return -1, err
	}
	j.Template = t
	id, err := Kind.Add(tx, j)
	if err != nil {
		return -1, err
	}
	if err := setVMs(tx, id, vms); err != nil {
		return -1, err
	}
	for i := range planned {
		planned[i].Del("ARGS")
		if _, err := addAction(tx, id, &planned[i]); err != nil {
			return -1, err
		}
	}
	return id, nil
}

// updating removes attributes that an update cannot change, and updates the job's VMs.
func updating(tx *store.Tx, _ *one.Caller, _, j *Job) error {
	for _, name := range []string{"NAME", "PRIORITY", "SCHED_ACTION"} {
		j.Template.Del(name)
	}
	vms, err := normalize(&j.Template)
	if err != nil {
		return err
	}
	return setVMs(tx, j.ID, vms)
}

// Delete deletes a backup job and its scheduled actions.
func Delete(tx *store.Tx, id int) error {
	j, err := Kind.Get(tx, id)
	if err != nil {
		return err
	}
	if err := setVMs(tx, id, nil); err != nil {
		return err
	}
	dropActions(tx, j)
	Kind.Remove(tx, id)
	return nil
}

// SetPriority serves one.backupjob.priority.
func SetPriority(tx *store.Tx, id, priority int) error {
	j, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	j.Priority = priority
	Kind.Put(tx, j)
	return nil
}

// Duration is the duration of the last run, up to the end of the last backup so far.
func (j *Job) Duration(r store.Reader) (seconds int64) {
	for row := range vm.JobVMs.Of(r, j.ID) {
		seconds = max(seconds, row.Val.Ended-j.Started)
	}
	return seconds
}

// In lists the VMs of a job in a state.
func In(r store.Reader, id int, state vm.JobState) (list []int) {
	for row := range vm.JobVMs.Of(r, id) {
		if row.Val.State == state {
			list = append(list, int(row.Key.B))
		}
	}
	return list
}

// byPriority lists the jobs that have VMs to back up, highest priority first.
func byPriority(r store.Reader) []*Job {
	var list []*Job
	for row := range Kind.Table.All(r) {
		if len(In(r, row.Val.ID, vm.JobOutdated)) > 0 {
			list = append(list, row.Val)
		}
	}
	slices.SortStableFunc(list, func(a, b *Job) int { return cmp.Compare(b.Priority, a.Priority) })
	return list
}
