package vm

import (
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// chowned moves the quota usage of a VM to its new owner. VMs in DONE cannot be given to others.
func chowned(tx *store.Tx, c *one.Caller, old, v *VM) error {
	if old.State == one.VMDone {
		return one.Errorf(one.CodeAction, "Could not change VM ownership, wrong state")
	}
	if rec := v.Last(); rec != nil {
		storeAccount(tx, v, rec.Seq, v.Status())
	}
	return ofCaller(c, quota.Move(tx, old.UID, old.GID, v.UID, v.GID, Usage(tx, v)))
}

// Update serves one.vm.update: it changes USER_TEMPLATE.
func Update(tx *store.Tx, s Settings, c *one.Caller, id int, text string, appendTo bool) error {
	t, err := object.ParseTemplate(text)
	if err != nil {
		return one.Errorf(one.CodeAction, "%v", err)
	}
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	old := v.User
	if appendTo {
		v.User = old.Clone()
		v.User.Merge(t)
	} else {
		v.User = t
	}
	if err := s.Restricted.Guard(c, old, &v.User, appendTo); err != nil {
		return one.Errorf(one.CodeInternal, "Cannot update template. %v", err)
	}
	if len(quota.Further(tx)) == 0 {
		Kind.Put(tx, v) // USER_TEMPLATE does not count for quotas
		return nil
	}
	return withinAction(put(tx, v, checked))
}
