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

// Follow has the VMs in a network that are outdated take in what it says now, up
// to the first whose host has to be told: the others follow when it was.
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
			return nil // its host is being told of an earlier change
		}
		if err := follow(tx, s, v, l); err != nil || l.Stage == network.Updating {
			return err
		}
	}
}

// follow brings one VM up to date, as far as its status lets it.
func follow(tx *store.Tx, s Settings, v *VM, l *network.Lag) error {
	how := nicsReachOf(v)
	if how == notNow {
		l.Stage = network.Failed
		network.SetLag(tx, l)
		return nil
	}
	if renewNICs(tx, v, l) {
		l.Written()
	}
	l.Was = nil
	l.Stage = network.Updated
	if how == atHost && l.Due {
		l.Stage = network.Updating
	}
	network.SetLag(tx, l)
	if l.Stage == network.Updated {
		return put(tx, v, unchecked)
	}
	owner := &one.Caller{UID: v.UID, GID: v.GID} // the record of it is theirs, as in oned
	args := effect.Args{ArgVNet: decimal(l.VNet)}
	if l.Before != nil {
		args[ArgBefore] = textOf(l.Before)
	}
	return Fire(tx, s, v, lifecycle.UpdateNIC, Cause{By: owner, Args: args})
}

// textOf writes down where a network led before, for NICsBefore.
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

// NICsBefore answers a NIC as it was at the times that ArgBefore tells of, the
// newest first.
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

// nicsReachOf is reachOf for NICs, which are updated in a step of the VM's life:
// nothing else may be under way.
func nicsReachOf(v *VM) reach {
	how := reachOf(v)
	if how == atHost && (v.LCM != one.LCMRunning || !lifecycle.Can(v.Status(), lifecycle.UpdateNIC)) {
		return notNow
	}
	return how
}

// renewNICs has the NICs in a network say what it says now, and tells whether
// that changed any. An alias has the card of its NIC.
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

// following tells of which network's update the VM's host is being told.
func (v *VM) following() (vnet int, yes bool) {
	_, yes = v.Doing[ArgVNet]
	return v.doing(ArgVNet), yes
}

// followed takes in how the update of a VM's NICs ended, and goes on with the
// next. A change that came meanwhile is still to be told.
func followed(tx *store.Tx, s Settings, id, vnet int, ok bool) error {
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
