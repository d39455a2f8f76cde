package rvpe

import (
	"slices"
	"time"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Overdue lists the VMs that vmkiller shuts down: those that were created at began or before
// and have not ended, except those of the spared users.
func Overdue(r store.Reader, began time.Time, spared []string) (list []*Machine) {
	for _, k := range Machines(r) {
		v, ok := k.VM(r)
		if ok && v.State != one.VMDone && v.ETime == 0 && v.STime <= began.Unix() && !slices.Contains(spared, k.Member) {
			list = append(list, k)
		}
	}
	return list
}

// Shutdown shuts a VM down on behalf of the administrator.
func Shutdown(tx *store.Tx, id int, core Core) error {
	m, ok := MemberOf(tx, AdminID)
	if !ok {
		return refuse("User[%d] is not found.", AdminID)
	}
	caller := one.Oneadmin()
	caller.UName = m.Name(tx)
	return Act(tx, caller, m, id, "shutdown", core)
}
