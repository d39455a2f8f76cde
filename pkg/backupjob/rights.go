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

// Needs lists the rights that c needs for a job with this template: those that one.vm.backup
// requires, for each VM and the datastore. oned does not check any, and has oneadmin back up all
// VMs that a user lists (ScheduledActionManager::run_backup_jobs).
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

// ask returns the required right on an object. It skips objects that do not exist yet; rights on
// these are checked when their backup starts.
func ask(r store.Reader, kind object.Any, id int, right one.Right) []acl.Ask {
	o, clusters, err := kind.Look(r, id)
	if err != nil {
		return nil
	}
	return []acl.Ask{acl.On(kind.ID(), o, clusters, right)}
}

// checkOwner checks whether the job's owner may back up a VM now. The owner of the job or the VM
// may have changed since the job was created.
func (j *Job) checkOwner(r store.Reader, s vm.Settings, member int) error {
	owner := &one.Caller{UID: j.UID, GID: -1}
	if u, ok := user.Kind.Table.Get(r, store.ID(j.UID)); ok {
		owner = &one.Caller{UID: u.ID, GID: u.GID, Groups: u.Groups, UName: u.Name, GName: u.GName}
	}
	return acl.Check(r, owner, needs(r, s, owner, j.Template, []int{member})...)
}
