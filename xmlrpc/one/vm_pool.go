package one

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func vmPoolMethods() []method {
	list := append(slices.Clone(pFilter), xmlrpc.Param{Name: "state, -1 not DONE, -2 any", Type: xmlrpc.Int},
		xmlrpc.Param{Name: "search", Type: xmlrpc.String, Optional: true, Default: ""})
	return []method{
		{name: "one.vmpool.info", params: list, do: vmPool(vmsShort)},
		{name: "one.vmpool.infoextended", params: list, do: vmPool(vmsExtended)},
		{
			name: "one.vmpool.infoset", do: vmSet,
			params: params(xmlrpc.Param{Name: "ids", Type: xmlrpc.String}, xmlrpc.Param{Name: "extended", Type: xmlrpc.Bool}),
		},
		{
			name: "one.vmpool.monitoring", do: vmPoolMonitoring,
			params: append(ints("filter flag"), xmlrpc.Param{Name: "seconds, -1 all, 0 last", Type: xmlrpc.Int, Optional: true, Default: int32(-1)}),
		},
	}
}

// Pools of VMs, without those that are DONE.
var (
	vmsShort    = pool[vm.VM]{kind: vm.Kind, root: vmRoot, form: formShort, only: notDone, write: render.VMShort}
	vmsExtended = pool[vm.VM]{kind: vm.Kind, root: vmRoot, form: formPool, only: notDone, write: render.VMLast}
)

const vmRoot = "VM_POOL"

func notDone(v *vm.VM) bool { return v.State != one.VMDone }

// Values of the state filter; 0 and above mean a STATE.
const (
	stateAny     = -2
	stateNotDone = -1
)

func vmPool(p pool[vm.VM]) func(context.Context, *Server, *call) (any, error) {
	return func(_ context.Context, s *Server, c *call) (any, error) {
		if c.Text(5) != "" {
			return nil, one.Errorf(one.CodeInternal, "JSON query search is not supported by the SQL backend")
		}
		f, err := filterOf(c)
		if err != nil {
			return nil, err
		}
		only, err := inState(c.Int(4))
		if err != nil {
			return nil, err
		}
		if c.Int(4) == stateNotDone && c.Caller.IsAdmin() {
			if text, ok := s.wholeVMs[p.form].answer(c.Snap, p, f); ok {
				return text, nil
			}
		}
		in := p
		in.only, in.newest = only, newestIn(c.Int(4))
		return in.info(c, f), nil
	}
}

func inState(state int) (func(*vm.VM) bool, error) {
	switch {
	case state == stateAny:
		return nil, nil
	case state == stateNotDone:
		return notDone, nil
	case state < stateAny || state > int(one.VMCloningFailure):
		return nil, one.Errorf(one.CodeRPC, "Incorrect state filter %d", state)
	}
	return func(v *vm.VM) bool { return v.State == one.VMState(state) }, nil
}

// newestIn makes a function that finds the n-th newest VM in a state.
func newestIn(state int) func(r store.Reader, n int) (store.Key, bool) {
	if state == stateNotDone {
		return func(r store.Reader, n int) (store.Key, bool) { return vm.ByLife.Newest(r, vm.Alive, n) }
	}
	return func(r store.Reader, n int) (store.Key, bool) { return vm.ByState.Newest(r, strconv.Itoa(state), n) }
}

// vmSet serves one.vmpool.infoset: those of the listed VMs that exist and that the caller may
// see.
func vmSet(_ context.Context, _ *Server, c *call) (any, error) {
	p := vmsShort
	if c.Bool(2) {
		p = vmsExtended
	}
	var ids []int
	for part := range strings.SplitSeq(c.Text(1), ",") {
		part = strings.TrimSpace(part)
		digits := len(part) - len(strings.TrimLeft(part, "0123456789")) // what follows a number is ignored
		if id, err := strconv.Atoi(part[:digits]); err == nil {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	list := xmlrpc.Text{Chunks: [][]byte{escapedTag("<" + vmRoot + ">")}}
	for _, id := range slices.Backward(slices.Compact(ids)) {
		row, ok := vm.Kind.Table.Row(c.Snap, store.ID(id))
		if ok && p.sees(c, everything, row.Val) {
			list.Chunks = append(list.Chunks, p.element(c.Snap, row))
		}
	}
	list.Chunks = append(list.Chunks, escapedTag("</"+vmRoot+">"))
	return list, nil
}

// vmPoolMonitoring serves one.vmpool.monitoring: -1 means all samples, 0 the last one of each
// VM, n those of the last n seconds.
func vmPoolMonitoring(_ context.Context, s *Server, c *call) (any, error) {
	f := filter{flag: c.Int(1), start: -1, end: -1}
	if f.flag < filterGroup {
		return nil, one.Errorf(one.CodeRPC, "Incorrect filter_flag")
	}
	w := render.Writer{}
	w.Open("MONITORING_DATA")
	for _, row := range vmsShort.oldestFirst(c, f) {
		if c.Int(2) == 0 {
			if last, ok := vm.Samples.Get(c.Snap, row.Key); ok {
				render.VMSample(&w, last)
			}
			continue
		}
		vmSamples(&w, s, row.Val.ID, s.since(c.Int(2)))
	}
	w.Close("MONITORING_DATA")
	return string(w), nil
}
