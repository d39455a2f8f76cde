package vm

import (
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// chowned moves what a VM counts for from one owner to the other. One that is over
// keeps the owner it had.
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
		Kind.Put(tx, v) // nothing of it is counted
		return nil
	}
	return withinAction(put(tx, v, checked))
}
