package backupjob

import (
	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Needs lists what a job with this template asks of c: for each of its VMs and
// for its datastore what one.vm.backup would. oned asks nothing, and has
// oneadmin save whatever a user names (ScheduledActionManager::run_backup_jobs).
func Needs(r store.Reader, s vm.Settings, c *one.Caller, t attr.Template) []acl.Ask {
	return needs(r, s, c, t, vmsOf(t))
}

func needs(r store.Reader, s vm.Settings, c *one.Caller, t attr.Template, vms []int) (asks []acl.Ask) {
	right := vm.Right(r, s, c, one.ActionBackup)
	for _, id := range vms {
		asks = append(asks, ask(r, vm.Kind, id, right)...)
	}
	if id, said := t.Int("DATASTORE_ID"); said {
		asks = append(asks, ask(r, datastore.Kind, id, one.Use)...)
	}
	return asks
}

// ask asks for a right on an object. Of one that is not there nothing is asked:
// it may come, and is asked for when its backup begins.
func ask(r store.Reader, kind object.Any, id int, right one.Right) []acl.Ask {
	o, clusters, err := kind.Look(r, id)
	if err != nil {
		return nil
	}
	return []acl.Ask{acl.On(kind.ID(), o, clusters, right)}
}

// checkOwner refuses a backup that the job's owner might not make himself: he
// may be another one by now, and so may the VM's.
func (j *Job) checkOwner(r store.Reader, s vm.Settings, member int) error {
	owner := &one.Caller{UID: j.UID, GID: -1}
	if u, ok := user.Kind.Table.Get(r, store.ID(j.UID)); ok {
		owner = &one.Caller{UID: u.ID, GID: u.GID, Groups: u.Groups, UName: u.Name, GName: u.GName}
	}
	return acl.Check(r, owner, needs(r, s, owner, j.Template, []int{member})...)
}
