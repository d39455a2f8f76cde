package vm

import (
	"maps"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Follow updates the NICs of outdated VMs after a network has changed. It stops at the first VM
// whose host has to be updated as well, and continues when that has ended.
func Follow(tx *store.Tx, s Settings, vnet int) error {
	for {
		l, ok := network.FirstOutdated(tx, vnet)
		if !ok {
			return nil
		}
		v, err := Kind.Edit(tx, l.VM)
		if err != nil {
			network.Forget(tx, vnet, l.VM)
			continue
		}
		if now, is := v.following(); is && now == vnet {
			return nil // its host is still being updated for an earlier change
		}
		if err := follow(tx, s, v, l); err != nil || l.Stage == network.Updating {
			return err
		}
	}
}

// follow updates one VM, if its status allows that.
func follow(tx *store.Tx, s Settings, v *VM, l *network.Lag) error {
	how := nicsReachOf(v)
	if how == notYet {
		l.Stage = network.Failed
		network.SetLag(tx, l)
		return nil
	}
	if renewNICs(tx, v, l) {
		l.Written()
	}
	l.Was = nil
	l.Stage = network.Updated
	if how == onHost && l.Due {
		l.Stage = network.Updating
	}
	network.SetLag(tx, l)
	if l.Stage == network.Updated {
		return put(tx, v, unchecked)
	}
	owner := &one.Caller{UID: v.UID, GID: v.GID} // oned attributes the history record to the VM's owner
	args := effect.Args{ArgVNet: decimal(l.VNet)}
	if l.Before != nil {
		args[ArgBefore] = textOf(l.Before)
	}
	return Fire(tx, s, v, lifecycle.UpdateNIC, Cause{By: owner, Args: args})
}

// textOf encodes earlier attributes of a network for NICsBefore.
func textOf(before []map[string]string) string {
	var t attr.Template
	for _, was := range before {
		v := attr.NewVector("WAS")
		for _, name := range slices.Sorted(maps.Keys(was)) {
			v.Set(name, was[name])
		}
		t.Add(v)
	}
	return t.Text()
}

// NICsBefore returns earlier versions of a NIC, newest first, from the text in ArgBefore.
func NICsBefore(nic *attr.Attr, text string) (list []attr.Attr, err error) {
	before, err := attr.Parse(text)
	then := *nic
	for _, was := range slices.Backward(before) {
		then = then.Clone()
		for _, p := range was.Vector {
			then.Set(p.Key, p.Value)
		}
		list = append(list, then)
	}
	return list, err
}

// nicsReachOf is reachOf for NICs. Their update is a step of the VM, so that it has to wait for
// other effects.
func nicsReachOf(v *VM) reach {
	how := reachOf(v)
	if how == onHost && (v.LCM != one.LCMRunning || !lifecycle.Can(v.Status(), lifecycle.UpdateNIC)) {
		return notYet
	}
	return how
}

// renewNICs updates the attributes of NICs in a network, and tells whether any has changed.
// Aliases need no update, as they share the interface of their NIC.
func renewNICs(r store.Reader, v *VM, l *network.Lag) (changed bool) {
	n, ok := network.Kind.Table.Get(r, store.ID(l.VNet))
	if !ok {
		return false
	}
	for _, nic := range v.nics() {
		if nic.Name != "NIC_ALIAS" && idOf(nic, "NETWORK_ID") == l.VNet && n.Renew(nic, l.Was) {
			changed = true
		}
	}
	return changed
}

// following returns the network for which the VM's host is being updated.
func (v *VM) following() (vnet int, yes bool) {
	_, yes = v.Doing[ArgVNet]
	return v.doing(ArgVNet), yes
}

// endFollow ends the update of a VM's NICs and continues with the next VM. If the network has
// changed again in the meantime, the VM stays outdated.
func endFollow(tx *store.Tx, s Settings, id, vnet int, ok bool) error {
	if row, there := network.Lags.Edit(tx, store.Pair(vnet, id)); there {
		switch {
		case row.Stage != network.Updating:
			if ok {
				row.Due, row.Before = false, nil
			}
			network.SetLag(tx, row)
		case ok:
			network.Forget(tx, vnet, id)
		default:
			network.NotTold(tx, row)
		}
	}
	return Follow(tx, s, vnet)
}
