package vm

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// OpRules is the effect that brings the rules of a VM's security groups to its
// host. It is one of the group's: they reach its VMs one after the other.
const OpRules = "rules"

// ArgVM is the VM that an effect of a security group is about.
const ArgVM = "vm"

// reach is how the rules of a security group, or what a network says, get to a VM.
type reach uint8

const (
	onPaper reach = iota // into its template, which the host reads when the VM boots
	atHost               // to its host, too
	notNow               // the host is at work on the VM's networks
)

// reachOf answers how rules reach a VM (LifeCycleManager::trigger_updatesg).
func reachOf(v *VM) reach {
	if v.State != one.VMActive {
		return onPaper
	}
	switch v.LCM {
	case one.LCMBoot, one.LCMBootMigrate, one.LCMBootSuspended, one.LCMBootStopped, one.LCMBootUndeploy,
		one.LCMBootPoweroff, one.LCMBootUnknown, one.LCMBootFailure, one.LCMBootMigrateFailure,
		one.LCMBootUndeployFailure, one.LCMBootStoppedFailure, one.LCMMigrate, one.LCMHotplugNIC,
		one.LCMHotplugNICPoweroff, one.LCMUnknown:
		return notNow
	case one.LCMRunning, one.LCMHotplug, one.LCMHotplugSnapshot, one.LCMHotplugSaveAs, one.LCMHotplugResize,
		one.LCMDiskSnapshot, one.LCMDiskSnapshotDelete, one.LCMDiskResize, one.LCMBackup:
		return atHost
	}
	return onPaper
}

// IsFiltered tells whether the VM's host is to have its rules now.
func (v *VM) IsFiltered() bool { return reachOf(v) == atHost }

// Propagate brings a group's rules to the members whose rules are out of date,
// up to the first whose host has to be told: the others follow when it was.
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
		if how == notNow {
			secgroup.Mark(tx, group, id, secgroup.Failed)
			continue
		}
		if err := renewRules(tx, v, group); err != nil {
			return err
		}
		if how == atHost {
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

// renewRules has the VM's template say what a group says now.
func renewRules(tx *store.Tx, v *VM, group int) error {
	id := strconv.Itoa(group)
	v.Template.DelFunc(func(a *attr.Attr) bool {
		return a.Name == "SECURITY_GROUP_RULE" && a.Get("SECURITY_GROUP_ID") == id
	})
	groupRules(tx, v)
	return put(tx, v, unchecked)
}

// tellHost queues the work. A VM that has just left the group is no member.
func tellHost(tx *store.Tx, v *VM, group int) {
	if _, member := secgroup.Members.Get(tx, store.Pair(group, v.ID)); member {
		secgroup.Mark(tx, group, v.ID, secgroup.Updating)
	}
	effect.Put(tx, effect.Effect{
		Kind: one.KindSecGroup, Object: group, Op: OpRules, Host: v.Last().HostID, Args: effect.Args{ArgVM: decimal(v.ID)},
	})
}

// RulesSettled takes in whether a host has the rules of a VM now, and goes on
// with the next.
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
