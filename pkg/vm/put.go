package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// limits tells whether quotas may stand against a change.
type limits bool

const (
	checked   limits = true  // what somebody asks for
	unchecked limits = false // what is so and must be counted
)

// put makes v the VM of its ID and settles everything that follows from it:
// quotas, the capacity of hosts, images, leases and security groups. Each is
// worked out from the VM alone, before and after, and the difference is taken
// or given back: no rule has to remember what it owes.
func put(tx *store.Tx, v *VM, by limits) error {
	was, _ := Kind.Table.Get(tx, store.ID(v.ID))
	if err := settleQuotas(tx, was, v, by); err != nil {
		return err
	}
	if err := settleHosts(tx, was, v); err != nil {
		return err
	}
	if err := settlePCI(tx, was, v); err != nil {
		return err
	}
	if err := settleNUMA(tx, was, v, by); err != nil {
		return err
	}
	settleDisks(tx, was, v)
	settleNICs(tx, was, v)
	settleRouter(tx, was, v)
	settleAccounts(tx, was, v)
	settleGroup(tx, was, v)
	Kind.Put(tx, v)
	return nil
}

// settleHosts takes and gives the capacity of hosts.
func settleHosts(tx *store.Tx, was, v *VM) error {
	before, after := hostsOf(was), hostsOf(v)
	if slices.Equal(before, after) && (len(after) == 0 || Capacity(was) == Capacity(v)) {
		return nil
	}
	for _, id := range before {
		host.Give(tx, id, Capacity(was))
	}
	for _, id := range after {
		if err := host.Take(tx, id, Capacity(v)); err != nil {
			return err
		}
	}
	return nil
}

// hostsOf lists the hosts that hold capacity for a VM. One that is moving has
// two; they are the same host when only its datastore changes.
func hostsOf(v *VM) (hosts []int) {
	if v == nil {
		return nil
	}
	holds, n := v.Status().Holds(), len(v.History)
	if holds.Host && n > 0 {
		hosts = append(hosts, v.History[n-1].HostID)
	}
	if holds.OldHost && n > 1 {
		hosts = append(hosts, v.History[n-2].HostID)
	}
	return hosts
}
