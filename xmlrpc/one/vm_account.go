package one

import (
	"cmp"
	"context"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func vmAccountMethods() []method {
	months := ints("first month, -1 any", "its year", "last month, -1 any", "its year")
	return []method{
		{name: "one.vmpool.accounting", params: ints("filter flag", "from, -1 any", "to, -1 any"), do: vmAccounting},
		{name: "one.vmpool.calculateshowback", params: months, may: membersOnly(": Action reserved for group 0 only"), do: vmCalculateShowback},
		{name: "one.vmpool.showback", params: append(ints("filter flag"), months...), do: vmShowback},
	}
}

// accounted lists the VMs that the filter flag selects and the caller may see, including those
// that are DONE, oldest first.
func accounted(c *call) ([]*vm.VM, error) {
	f := filter{flag: c.Int(1), start: -1, end: -1}
	if f.flag < filterGroup {
		return nil, one.Errorf(one.CodeRPC, "Incorrect filter_flag")
	}
	var list []*vm.VM
	for _, row := range (pool[vm.VM]{kind: vm.Kind}).oldestFirst(c, f) {
		list = append(list, row.Val)
	}
	return list, nil
}

// vmAccounting serves one.vmpool.accounting: history records, with the VM as it was at the time
// of each.
func vmAccounting(_ context.Context, _ *Server, c *call) (any, error) {
	list, err := accounted(c)
	if err != nil {
		return nil, err
	}
	period := vm.Period{Start: int64(c.Int(2)), End: int64(c.Int(3))}
	answer := xmlrpc.Text{Chunks: [][]byte{escapedTag("<HISTORY_RECORDS>")}}
	for _, v := range list {
		var w render.Writer
		for rec, then := range vm.Records(c.Snap, v) {
			if period.Meets(rec) {
				render.Record(&w, c.Snap, rec, then)
			}
		}
		answer.Chunks = append(answer.Chunks, xmlrpc.AppendEscaped(nil, string(w)))
	}
	answer.Chunks = append(answer.Chunks, escapedTag("</HISTORY_RECORDS>"))
	return answer, nil
}

func vmCalculateShowback(ctx context.Context, s *Server, c *call) (any, error) {
	return s.update(ctx, c, func(tx *store.Tx) (any, error) {
		vm.CalculateShowback(tx, s.VMs, monthAt(c, 1), monthAt(c, 3))
		return " ", nil
	})
}

func monthAt(c *call, n int) vm.Month { return vm.Month{Month: c.Int(n), Year: c.Int(n + 1)} }

// vmShowback serves one.vmpool.showback: the calculated records, by month.
func vmShowback(_ context.Context, _ *Server, c *call) (any, error) {
	list, err := accounted(c)
	if err != nil {
		return nil, err
	}
	from, to := monthAt(c, 2), monthAt(c, 4)
	var found []*vm.Showback
	for _, v := range list {
		for row := range vm.Showbacks.Of(c.Snap, v.ID) {
			at := vm.Month{Month: row.Val.Month, Year: row.Val.Year}.Number()
			if (!from.Given() || at >= from.Number()) && (!to.Given() || at <= to.Number()) {
				found = append(found, row.Val)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b *vm.Showback) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Month, b.Month))
	})
	w := render.Writer{}
	w.Open("SHOWBACK_RECORDS")
	for _, s := range found {
		render.Showback(&w, s)
	}
	w.Close("SHOWBACK_RECORDS")
	return string(w), nil
}
