package vm

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// Right returns the right on a VM that an action requires, according to the caller's
// VM_*_OPERATIONS, those of the primary group, or those of the configuration. The default is
// MANAGE.
func Right(r store.Reader, s Settings, c *one.Caller, action one.HistoryAction) one.Right {
	if u, ok := user.Kind.Table.Get(r, store.ID(c.UID)); ok {
		if right, ok := listed(operationsOf(u.Template), action); ok {
			return right
		}
	}
	if g, ok := group.Kind.Table.Get(r, store.ID(c.GID)); ok {
		if right, ok := listed(operationsOf(g.Template), action); ok {
			return right
		}
	}
	if right, ok := listed(operations{s.AdminOps, s.ManageOps, s.UseOps}, action); ok {
		return right
	}
	return one.Manage
}

// operations are the values of VM_ADMIN_OPERATIONS, VM_MANAGE_OPERATIONS and VM_USE_OPERATIONS.
type operations struct{ admin, manage, use string }

func operationsOf(t attr.Template) operations {
	return operations{t.Get("VM_ADMIN_OPERATIONS"), t.Get("VM_MANAGE_OPERATIONS"), t.Get("VM_USE_OPERATIONS")}
}

// listed returns the strongest right whose list contains the action. Malformed lists are treated
// as empty.
func listed(o operations, action one.HistoryAction) (one.Right, bool) {
	for _, l := range []struct {
		list  string
		right one.Right
	}{{o.admin, one.Admin}, {o.manage, one.Manage}, {o.use, one.Use}} {
		if one.VMOperationsHave(l.list, action) {
			return l.right, true
		}
	}
	return 0, false
}
