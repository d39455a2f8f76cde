package one

import (
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

func vmScheduleMethods() []method {
	return []method{
		{name: "one.vm.schedadd", params: params(pID, pTemplate), may: onVM(one.ActionSchedAdd), do: change(vmSchedAdd)},
		{
			name: "one.vm.schedupdate", params: append(ints("object id", "scheduled action id"), pTemplate),
			may: onVM(one.ActionSchedUpdate), do: change(vmSchedUpdate),
		},
		{ // as in oned, the right for updates is needed here, too
			name: "one.vm.scheddelete", params: ints("object id", "scheduled action id"),
			may: onVM(one.ActionSchedUpdate), do: change(byIDs(vm.DeleteSchedule)),
		},
	}
}

func vmSchedAdd(tx *store.Tx, _ *Server, c *call) (int, error) {
	return vm.AddSchedule(tx, c.Int(1), c.Text(2))
}

func vmSchedUpdate(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(2), vm.UpdateSchedule(tx, c.Int(1), c.Int(2), c.Text(3))
}
