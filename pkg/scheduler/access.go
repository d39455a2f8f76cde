package scheduler

import (
	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/placement"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// accesses caches for each owner what his VMs may use: hosts that he may manage, datastores and
// networks that he may use (SchedulerManagerDriver::authorize).
type accesses struct {
	r     store.Reader
	known map[int]*placement.Access // by user ID
}

// of returns nil, which means everything, for VMs of oneadmin and his group.
func (a *accesses) of(v *vm.VM) *placement.Access {
	if v.UID == one.OneadminID || v.GID == one.OneadminGroupID {
		return nil
	}
	may, ok := a.known[v.UID]
	if !ok {
		may = a.workOut(v.UID)
		a.known[v.UID] = may
	}
	return may
}

func (a *accesses) workOut(uid int) *placement.Access {
	u, ok := user.Kind.Table.Get(a.r, store.ID(uid))
	if !ok { // the owner is gone: the VM may use nothing
		return &placement.Access{}
	}
	c := &one.Caller{UID: u.ID, GID: u.GID, Groups: u.Groups, UName: u.Name, GName: u.GName}
	if c.IsAdmin() {
		return nil
	}
	return &placement.Access{
		Hosts:      allowed(a.r, c, host.Kind, one.Manage),
		Datastores: allowed(a.r, c, datastore.Kind, one.Use),
		Networks:   allowed(a.r, c, network.Kind, one.Use),
	}
}

func allowed[T any](r store.Reader, c *one.Caller, kind *object.Kind[T], right one.Right) map[int]bool {
	ids := map[int]bool{}
	for row := range kind.Table.All(r) {
		o, clusters := kind.Of(row.Val)
		if acl.May(r, c, acl.On(kind.ID(), o, clusters, right)) {
			ids[o.Head().ID] = true
		}
	}
	return ids
}
