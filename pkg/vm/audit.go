package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Audit recalculates what VMs use, compares it with what is stored, and returns the differences.
// Capacity in use on hosts, uses of images and quotas can be repaired, as they follow from the
// VMs. It returns nothing for a consistent store.
func Audit(r store.Reader) object.Faults {
	a := &audit{r: r}
	a.hosts()
	a.images()
	a.pcis()
	a.nodes()
	a.leases()
	a.lags()
	a.groups()
	a.quotas()
	a.statuses()
	return a.found
}

type audit struct {
	r     store.Reader
	found object.Faults
}

// leases finds leases without a NIC, and NICs without a lease.
func (a *audit) leases() {
	type place struct{ vm, vnet, ar int }
	balance := map[place]int{}
	for row := range Kind.Table.All(a.r) {
		if row.Val.State == one.VMDone {
			continue
		}
		for _, nic := range row.Val.nics() {
			if leased(nic) {
				balance[place{row.Val.ID, idOf(nic, "NETWORK_ID"), idOf(nic, "AR_ID")}]++
			}
		}
	}
	for row := range network.Leases.All(a.r) {
		for h := range row.Val.Holders() {
			if h.Kind == one.KindVM && h.ID >= 0 {
				balance[place{h.ID, row.Val.VNet, row.Val.AR}]--
			}
		}
	}
	for p, n := range balance {
		if n != 0 {
			a.found.Add("VM %d has %d NICs more than leases in range %d of network %d", p.vm, n, p.ar, p.vnet)
		}
	}
}

// groups finds VMs that a security group lists without need, and VMs that it does not list.
func (a *audit) groups() {
	want := map[secgroup.Member]bool{}
	for row := range Kind.Table.All(a.r) {
		for _, id := range groupsOf(row.Val) {
			if _, there := secgroup.Kind.Table.Get(a.r, store.ID(id)); there {
				want[secgroup.Member{Group: id, VM: row.Val.ID}] = true
			}
		}
	}
	for row := range secgroup.Members.All(a.r) {
		m := secgroup.Member{Group: row.Val.Group, VM: row.Val.VM}
		if !want[m] {
			a.found.Add("VM %d is listed in security group %d and has no NIC in it", m.VM, m.Group)
		}
		delete(want, m)
	}
	for m := range want {
		a.found.Add("VM %d has a NIC in security group %d and is not listed there", m.VM, m.Group)
	}
}

// statuses checks that VMs in a state that waits for an effect have exactly one, and that the
// number of open history records is the number of hosts on which the VM holds capacity.
func (a *audit) statuses() {
	for row := range Kind.Table.All(a.r) {
		v := row.Val
		status := v.Status()
		under := len(effect.Of(a.r, one.KindVM, v.ID))
		running := v.LCM == one.LCMRunning // with or without an effect, such as a reboot
		if waits := lifecycle.Can(status, lifecycle.OK) && !running; waits && under != 1 || !waits && !running && under != 0 {
			a.found.Add("VM %d in %s has %d effects under way", v.ID, status.Full(), under)
		}
		open := 0
		for i := range v.History {
			if v.History[i].ETime == 0 {
				open++
			}
		}
		if held := len(hostsOf(v)); open != held {
			a.found.Add("VM %d in %s holds %d hosts and has %d open history records", v.ID, status.Full(), held, open)
		}
	}
}

// pcis finds PCI devices that a host has assigned to a VM that does not list them.
func (a *audit) pcis() {
	for row := range host.Kind.Table.All(a.r) {
		for _, dev := range row.Val.PCIs {
			v, ok := Kind.Table.Get(a.r, store.ID(dev.VM))
			if dev.VM >= 0 && (!ok || !slices.Contains(hostsOf(v), row.Val.ID) || byID(v.PCIs(), "PCI_ID", dev.ID) == nil) {
				a.found.Add("host %d has given %s to VM %d, which does not have it", row.Val.ID, dev.Attrs.Get("ADDRESS"), dev.VM)
			}
		}
	}
}

// nodes finds CPUs and memory of NUMA nodes that a host has assigned to a VM that does not list
// them.
func (a *audit) nodes() {
	for row := range host.Kind.Table.All(a.r) {
		for i := range row.Val.NUMA.Claims {
			claim := &row.Val.NUMA.Claims[i]
			v, ok := Kind.Table.Get(a.r, store.ID(claim.VM))
			if !ok || !slices.Contains(hostsOf(v), row.Val.ID) {
				a.found.Add("host %d has given CPUs of its nodes to VM %d, which is not there", row.Val.ID, claim.VM)
			} else if hostsOf(v)[0] == row.Val.ID && !matchesClaim(v, claim) {
				a.found.Add("host %d has given %+v to VM %d, which tells otherwise", row.Val.ID, claim.Has, claim.VM)
			}
		}
	}
}
