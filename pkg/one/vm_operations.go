package one

import (
	"slices"
	"strings"
)

// Defaults of VM_ADMIN_OPERATIONS, VM_MANAGE_OPERATIONS and VM_USE_OPERATIONS:
// which right on a VM each group of actions needs. The configuration, a group
// or a user may say otherwise.
const (
	DefaultVMAdminOperations  = "migrate, delete, recover, retry, deploy, resched, backup, restore"
	DefaultVMManageOperations = "undeploy, hold, release, stop, suspend, resume, reboot, poweroff, " +
		"disk-attach, nic-attach, disk-snapshot, terminate, disk-resize, snapshot, updateconf, " +
		"rename, resize, update, disk-saveas, sched-action, sg-attach, pci-attach, exec, vmgroup"
	DefaultVMUseOperations = ""
)

// vmOperations names the groups of actions that rights are given for.
var vmOperations = map[string][]HistoryAction{
	"migrate":       {ActionMigrate, ActionLiveMigrate, ActionPoweroffMigrate, ActionPoweroffHardMigrate},
	"delete":        {ActionDelete, ActionDeleteRecreate},
	"recover":       {ActionRecover},
	"retry":         {ActionRetry},
	"deploy":        {ActionDeploy},
	"resched":       {ActionResched, ActionUnresched},
	"undeploy":      {ActionUndeploy, ActionUndeployHard},
	"hold":          {ActionHold},
	"release":       {ActionRelease},
	"stop":          {ActionStop},
	"suspend":       {ActionSuspend},
	"resume":        {ActionResume},
	"reboot":        {ActionReboot, ActionRebootHard},
	"poweroff":      {ActionPoweroff, ActionPoweroffHard},
	"disk-attach":   {ActionDiskAttach, ActionDiskDetach},
	"nic-attach":    {ActionNICAttach, ActionNICDetach, ActionAliasAttach, ActionAliasDetach, ActionNICUpdate},
	"disk-snapshot": {ActionDiskSnapshotCreate, ActionDiskSnapshotDelete, ActionDiskSnapshotRevert, ActionDiskSnapshotRename},
	"terminate":     {ActionTerminate, ActionTerminateHard},
	"disk-resize":   {ActionDiskResize},
	"snapshot":      {ActionSnapshotCreate, ActionSnapshotDelete, ActionSnapshotRevert},
	"updateconf":    {ActionUpdateConf},
	"rename":        {ActionRename},
	"resize":        {ActionResize},
	"update":        {ActionUpdate},
	"disk-saveas":   {ActionDiskSaveAs},
	"backup":        {ActionBackup, ActionBackupCancel},
	"sched-action":  {ActionSchedAdd, ActionSchedUpdate, ActionSchedDelete},
	"sg-attach":     {ActionSGAttach, ActionSGDetach},
	"pci-attach":    {ActionPCIAttach, ActionPCIDetach},
	"restore":       {ActionRestore},
	"exec":          {ActionExec, ActionExecRetry, ActionExecCancel},
	"vmgroup":       {ActionVMGroupAdd, ActionVMGroupDel},
}

// CheckVMOperations refuses a template that names operations which are none. get answers an
// attribute of it.
func CheckVMOperations(get func(name string) string) error {
	for _, name := range []string{"VM_ADMIN_OPERATIONS", "VM_MANAGE_OPERATIONS", "VM_USE_OPERATIONS"} {
		if _, err := ParseVMOperations(get(name)); err != nil {
			return err
		}
	}
	return nil
}

// ParseVMOperations reads the value of one of the VM_*_OPERATIONS and lists
// the actions it covers.
func ParseVMOperations(list string) ([]HistoryAction, error) {
	var actions []HistoryAction
	for op := range strings.SplitSeq(list, ",") {
		op = strings.ToLower(strings.TrimSpace(op))
		if op == "" {
			continue
		}
		group, ok := vmOperations[op]
		if !ok {
			return nil, Errorf(CodeInternal, "Unknown vm operation: %s", op)
		}
		actions = append(actions, group...)
	}
	return actions, nil
}

// VMOperationsHave tells whether such a list covers an action. One that cannot be
// read covers nothing.
func VMOperationsHave(list string, action HistoryAction) (has bool) {
	for op := range strings.SplitSeq(list, ",") {
		op = strings.ToLower(strings.TrimSpace(op))
		if op == "" {
			continue
		}
		group, ok := vmOperations[op]
		if !ok {
			return false
		}
		has = has || slices.Contains(group, action)
	}
	return has
}
