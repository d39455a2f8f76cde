package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// limits tells whether a change is refused if it exceeds a quota.
type limits bool

const (
	checked   limits = true  // for requests
	unchecked limits = false // for changes that have already happened
)

// put stores v and updates all that depends on it: quotas, capacity of hosts, images, leases and
// security groups. It computes each from the stored version of the VM and from v, and applies the
// difference, so that rules need not release what a VM no longer uses.
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

// settleHosts reserves and releases capacity on hosts.
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

// hostsOf lists the hosts on which a VM holds capacity. There are two during a migration, and
// they are the same if only the datastore changes.
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
