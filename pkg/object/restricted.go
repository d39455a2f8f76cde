package object

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// VMOperations are the attributes by which administrators say which rights the
// operations on VMs need of a user or a group. Others may not change them.
func VMOperations() []string {
	return []string{"VM_USE_OPERATIONS", "VM_MANAGE_OPERATIONS", "VM_ADMIN_OPERATIONS"}
}

// KeepRestricted refuses an update by which somebody but an administrator
// changes a restricted attribute. One that he left out stays as it was.
func KeepRestricted(c *one.Caller, old attr.Template, t *attr.Template, names []string) error {
	if c.IsAdmin() {
		return nil
	}
	for _, name := range names {
		was, had := old.Lookup(name)
		is, has := t.Lookup(name)
		switch {
		case has && is != was:
			return one.Errorf(one.CodeInternal, "User Template includes a restricted attribute %s", name)
		case had && !has:
			t.Set(name, was)
		}
	}
	return nil
}
