package vm

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// OpRules is the effect that updates the security group rules of a VM on its host. It is an
// effect of the security group, so that its VMs are updated one after the other.
const OpRules = "rules"

// ArgVM is the ID of the VM that OpRules updates.
const ArgVM = "vm"

// reach tells what has to be updated for a VM when a security group or a network changes.
type reach uint8

const (
	inTemplate reach = iota // only the template, which is used when the VM boots
	onHost                  // the template and the host
	notYet                  // nothing yet: the host is changing the VM's networks
)

// reachOf returns what to update when a security group changes
// (LifeCycleManager::trigger_updatesg).
func reachOf(v *VM) reach {
	if v.State != one.VMActive {
		return inTemplate
	}
	switch v.LCM {
	case one.LCMBoot, one.LCMBootMigrate, one.LCMBootSuspended, one.LCMBootStopped, one.LCMBootUndeploy,
		one.LCMBootPoweroff, one.LCMBootUnknown, one.LCMBootFailure, one.LCMBootMigrateFailure,
		one.LCMBootUndeployFailure, one.LCMBootStoppedFailure, one.LCMMigrate, one.LCMHotplugNIC,
		one.LCMHotplugNICPoweroff, one.LCMUnknown:
		return notYet
	case one.LCMRunning, one.LCMHotplug, one.LCMHotplugSnapshot, one.LCMHotplugSaveAs, one.LCMHotplugResize,
		one.LCMDiskSnapshot, one.LCMDiskSnapshotDelete, one.LCMDiskResize, one.LCMBackup:
		return onHost
	}
	return inTemplate
}

// IsFiltered tells whether the VM's host should have its security group rules now.
func (v *VM) IsFiltered() bool { return reachOf(v) == onHost }

// Propagate updates the rules of outdated members of a security group. It stops at the first VM
// whose host has to be updated as well, and continues when that has ended.
func Propagate(tx *store.Tx, group int) error {
	for {
		id, ok := firstOutdated(tx, group)
		if !ok {
			return nil
		}
		v, err := Kind.Edit(tx, id)
		if err != nil {
			secgroup.Leave(tx, group, id)
			continue
		}
		how := reachOf(v)
		if how == notYet {
			secgroup.Mark(tx, group, id, secgroup.Failed)
			continue
		}
		if err := renewRules(tx, v, group); err != nil {
			return err
		}
		if how == onHost {
			tellHost(tx, v, group)
			return nil
		}
		secgroup.Mark(tx, group, id, secgroup.Updated)
	}
}

func firstOutdated(r store.Reader, group int) (int, bool) {
	for id := range secgroup.MembersWith(r, group, secgroup.Outdated) {
		return id, true
	}
	return 0, false
}

// renewRules updates SECURITY_GROUP_RULE of a VM for a group.
func renewRules(tx *store.Tx, v *VM, group int) error {
	id := strconv.Itoa(group)
	v.Template.DelFunc(func(a *attr.Attr) bool {
		return a.Name == "SECURITY_GROUP_RULE" && a.Get("SECURITY_GROUP_ID") == id
	})
	groupRules(tx, v)
	return put(tx, v, unchecked)
}

// tellHost queues the update of a host. The VM may have just left the group.
func tellHost(tx *store.Tx, v *VM, group int) {
	if _, member := secgroup.Members.Get(tx, store.Pair(group, v.ID)); member {
		secgroup.Mark(tx, group, v.ID, secgroup.Updating)
	}
	effect.Put(tx, effect.Effect{
		Kind: one.KindSecGroup, Object: group, Op: OpRules, Host: v.Last().HostID, Args: effect.Args{ArgVM: decimal(v.ID)},
	})
}

// RulesSettled stores the outcome of OpRules and continues with the next VM.
func RulesSettled(tx *store.Tx, e *effect.Effect, failed error) error {
	id, err := strconv.Atoi(e.Args[ArgVM])
	if err != nil {
		return err
	}
	m, member := secgroup.Members.Get(tx, store.Pair(e.Object, id))
	if member && m.Rules == secgroup.Updating {
		rules := secgroup.Updated
		if failed != nil {
			rules = secgroup.Failed
		}
		secgroup.Mark(tx, e.Object, id, rules)
	}
	if v, ok := Kind.Table.Edit(tx, store.ID(id)); ok && failed != nil {
		setError(tx, v, "UPDATESG: "+reason(failed))
		Kind.Put(tx, v)
	}
	return Propagate(tx, e.Object)
}
