package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/backupjob"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func backupJobMethods() []method {
	manage := basic(backupjob.Kind, one.Manage, 1)
	return []method{
		{name: "one.backupjob.allocate", params: params(pTemplate), may: mayBackupJob(create(one.KindBackupJob), 1), do: change(backupJobAllocate)},
		{name: "one.backupjob.delete", params: params(pID), may: on(backupjob.Kind, one.Manage, 1), do: deleting(one.KindBackupJob, byID(backupjob.Delete))},
		backupJobInfo(),
		backupJobUpdate(),
		renameOf("backupjob", backupjob.Kind, one.Manage),
		chmodOf("backupjob", backupjob.Kind),
		chownOf("backupjob", backupjob.Kind),
		lockOf("backupjob", backupjob.Kind),
		unlockOf("backupjob", backupjob.Kind),
		{name: "one.backupjob.backup", params: params(pID), may: manage, do: change(byID(backupjob.Start))},
		{name: "one.backupjob.cancel", params: params(pID), may: manage, do: change(backupJobCancel)},
		{name: "one.backupjob.retry", params: params(pID), may: manage, do: change(byID(backupjob.Retry))},
		{name: "one.backupjob.priority", params: ints("object id", "priority"), may: mayPriority, do: change(byIDs(backupjob.SetPriority))},
		{name: "one.backupjob.schedadd", params: params(pID, pTemplate), may: manage, do: change(backupJobSchedAdd)},
		{name: "one.backupjob.scheddelete", params: ints("object id", "scheduled action id"), may: manage, do: change(backupJobSchedDelete)},
		{
			name: "one.backupjob.schedupdate", params: append(ints("object id", "scheduled action id"), pTemplate),
			may: manage, do: change(backupJobSchedUpdate),
		},
		backupJobs.filteredOf("backupjobpool"),
	}
}

// backupJobs lists jobs. They show lists that change with the VMs, and there are few of
// them, so they are rendered each time.
var backupJobs = pool[backupjob.Job]{kind: backupjob.Kind, root: "BACKUPJOB_POOL", form: unkept, write: render.BackupJobShort}

func backupJobInfo() method {
	m := backupJobs.infoOf("backupjob")
	m.params = params(pID) // there is nothing to decrypt
	m.do = func(_ context.Context, _ *Server, c *call) (any, error) {
		j, err := backupjob.Kind.Get(c.Snap, c.Int(1))
		if err != nil {
			return nil, err
		}
		return text(fresh(c.Snap, j, render.BackupJob)), nil
	}
	return m
}

// mayBackupJob needs what first needs, and the right to back up the VMs that the
// template in argument n names. A template that cannot be parsed names none.
func mayBackupJob(first may, n int) may {
	return func(c *call) ([]acl.Ask, error) {
		asks, err := first(c)
		if err != nil {
			return nil, err
		}
		t, err := object.ParseTemplate(c.Text(n))
		if err != nil {
			return asks, nil
		}
		return append(asks, backupjob.Needs(c.Snap, c.Server.VMs, c.Caller, t)...), nil
	}
}

func backupJobUpdate() method {
	m := updateOf("backupjob", backupjob.Kind, one.Manage)
	m.may = mayBackupJob(m.may, 2)
	return m
}

func backupJobAllocate(tx *store.Tx, _ *Server, c *call) (int, error) {
	t, err := object.ParseTemplate(c.Text(1))
	if err != nil {
		return -1, err
	}
	return backupjob.Allocate(tx, c.Caller, t)
}

func backupJobCancel(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), backupjob.Cancel(tx, s.VMs, c.Caller, c.Int(1))
}

// mayPriority needs ADMIN for a priority above those that users may set.
func mayPriority(c *call) ([]acl.Ask, error) {
	if p := c.Int(2); p < backupjob.MinPriority || p > backupjob.MaxPriority {
		return nil, one.Errorf(one.CodeAction, "Wrong priority value")
	}
	right := one.Manage
	if c.Int(2) > backupjob.MaxOfUsers {
		right = one.Admin
	}
	return basic(backupjob.Kind, right, 1)(c)
}

func backupJobSchedAdd(tx *store.Tx, _ *Server, c *call) (int, error) {
	return backupjob.AddSchedule(tx, c.Int(1), c.Text(2))
}

func backupJobSchedDelete(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(2), backupjob.DeleteSchedule(tx, c.Int(1), c.Int(2))
}

func backupJobSchedUpdate(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(2), backupjob.UpdateSchedule(tx, c.Int(1), c.Int(2), c.Text(3))
}
