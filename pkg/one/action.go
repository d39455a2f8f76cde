package one

// HistoryAction is the ACTION of a history record: the request that ended it.
// Its names are also what users may ask of a VM.
type HistoryAction int

// The actions on a VM. 3, 4 and 12 are retired; 61 and above exist since 7.2.
const (
	ActionNone                HistoryAction = 0
	ActionMigrate             HistoryAction = 1
	ActionLiveMigrate         HistoryAction = 2
	ActionUndeploy            HistoryAction = 5
	ActionUndeployHard        HistoryAction = 6
	ActionHold                HistoryAction = 7
	ActionRelease             HistoryAction = 8
	ActionStop                HistoryAction = 9
	ActionSuspend             HistoryAction = 10
	ActionResume              HistoryAction = 11
	ActionDelete              HistoryAction = 13
	ActionDeleteRecreate      HistoryAction = 14
	ActionReboot              HistoryAction = 15
	ActionRebootHard          HistoryAction = 16
	ActionResched             HistoryAction = 17
	ActionUnresched           HistoryAction = 18
	ActionPoweroff            HistoryAction = 19
	ActionPoweroffHard        HistoryAction = 20
	ActionDiskAttach          HistoryAction = 21
	ActionDiskDetach          HistoryAction = 22
	ActionNICAttach           HistoryAction = 23
	ActionNICDetach           HistoryAction = 24
	ActionDiskSnapshotCreate  HistoryAction = 25
	ActionDiskSnapshotDelete  HistoryAction = 26
	ActionTerminate           HistoryAction = 27
	ActionTerminateHard       HistoryAction = 28
	ActionDiskResize          HistoryAction = 29
	ActionDeploy              HistoryAction = 30
	ActionChown               HistoryAction = 31
	ActionChmod               HistoryAction = 32
	ActionUpdateConf          HistoryAction = 33
	ActionRename              HistoryAction = 34
	ActionResize              HistoryAction = 35
	ActionUpdate              HistoryAction = 36
	ActionSnapshotCreate      HistoryAction = 37
	ActionSnapshotDelete      HistoryAction = 38
	ActionSnapshotRevert      HistoryAction = 39
	ActionDiskSaveAs          HistoryAction = 40
	ActionDiskSnapshotRevert  HistoryAction = 41
	ActionRecover             HistoryAction = 42
	ActionRetry               HistoryAction = 43
	ActionMonitor             HistoryAction = 44
	ActionDiskSnapshotRename  HistoryAction = 45
	ActionAliasAttach         HistoryAction = 46
	ActionAliasDetach         HistoryAction = 47
	ActionPoweroffMigrate     HistoryAction = 48
	ActionPoweroffHardMigrate HistoryAction = 49
	ActionBackup              HistoryAction = 50
	ActionNICUpdate           HistoryAction = 51
	ActionBackupCancel        HistoryAction = 52
	ActionSchedAdd            HistoryAction = 53
	ActionSchedUpdate         HistoryAction = 54
	ActionSchedDelete         HistoryAction = 55
	ActionSGAttach            HistoryAction = 56
	ActionSGDetach            HistoryAction = 57
	ActionPCIAttach           HistoryAction = 58
	ActionPCIDetach           HistoryAction = 59
	ActionRestore             HistoryAction = 60
	ActionExec                HistoryAction = 61
	ActionExecRetry           HistoryAction = 62
	ActionExecCancel          HistoryAction = 63
	ActionVMGroupAdd          HistoryAction = 64
	ActionVMGroupDel          HistoryAction = 65
)

var historyActions = labels{
	ActionNone:                {text: "none"},
	ActionMigrate:             {text: "migrate"},
	ActionLiveMigrate:         {text: "live-migrate"},
	ActionUndeploy:            {text: "undeploy"},
	ActionUndeployHard:        {text: "undeploy-hard"},
	ActionHold:                {text: "hold"},
	ActionRelease:             {text: "release"},
	ActionStop:                {text: "stop"},
	ActionSuspend:             {text: "suspend"},
	ActionResume:              {text: "resume"},
	ActionDelete:              {text: "delete"},
	ActionDeleteRecreate:      {text: "delete-recreate"},
	ActionReboot:              {text: "reboot"},
	ActionRebootHard:          {text: "reboot-hard"},
	ActionResched:             {text: "resched"},
	ActionUnresched:           {text: "unresched"},
	ActionPoweroff:            {text: "poweroff"},
	ActionPoweroffHard:        {text: "poweroff-hard"},
	ActionDiskAttach:          {text: "disk-attach"},
	ActionDiskDetach:          {text: "disk-detach"},
	ActionNICAttach:           {text: "nic-attach"},
	ActionNICDetach:           {text: "nic-detach"},
	ActionDiskSnapshotCreate:  {text: "disk-snapshot-create"},
	ActionDiskSnapshotDelete:  {text: "disk-snapshot-delete"},
	ActionTerminate:           {text: "terminate"},
	ActionTerminateHard:       {text: "terminate-hard"},
	ActionDiskResize:          {text: "disk-resize"},
	ActionDeploy:              {text: "deploy"},
	ActionChown:               {text: "chown"},
	ActionChmod:               {text: "chmod"},
	ActionUpdateConf:          {text: "updateconf"},
	ActionRename:              {text: "rename"},
	ActionResize:              {text: "resize"},
	ActionUpdate:              {text: "update"},
	ActionSnapshotCreate:      {text: "snapshot-create"},
	ActionSnapshotDelete:      {text: "snapshot-delete"},
	ActionSnapshotRevert:      {text: "snapshot-revert"},
	ActionDiskSaveAs:          {text: "disk-saveas"},
	ActionDiskSnapshotRevert:  {text: "disk-snapshot-revert"},
	ActionRecover:             {text: "recover"},
	ActionRetry:               {text: "retry"},
	ActionMonitor:             {text: "monitor"},
	ActionDiskSnapshotRename:  {text: "disk-snapshot-rename"},
	ActionAliasAttach:         {text: "alias-attach"},
	ActionAliasDetach:         {text: "alias-detach"},
	ActionPoweroffMigrate:     {text: "poweroff-migrate"},
	ActionPoweroffHardMigrate: {text: "poweroff-hard-migrate"},
	ActionBackup:              {text: "backup"},
	ActionNICUpdate:           {text: "nic-update"},
	ActionBackupCancel:        {text: "backup-cancel"},
	ActionSchedAdd:            {text: "sched-add"},
	ActionSchedUpdate:         {text: "sched-update"},
	ActionSchedDelete:         {text: "sched-delete"},
	ActionSGAttach:            {text: "sg-attach"},
	ActionSGDetach:            {text: "sg-detach"},
	ActionPCIAttach:           {text: "pci-attach"},
	ActionPCIDetach:           {text: "pci-detach"},
	ActionRestore:             {text: "restore"},
	ActionExec:                {text: "exec"},
	ActionExecRetry:           {text: "exec-retry"},
	ActionExecCancel:          {text: "exec-cancel"},
	ActionVMGroupAdd:          {text: "vmgroup-add"},
	ActionVMGroupDel:          {text: "vmgroup-del"},
}

// String is the name that one.vm.action and scheduled actions use, such as
// "poweroff-hard".
func (a HistoryAction) String() string { return historyActions.name(int(a)) }

// ParseHistoryAction finds an action by its name. oned itself reads the one
// for deleting a disk snapshot under another name than it writes
// (src/vm/VMActions.cc); both are taken.
func ParseHistoryAction(name string) (HistoryAction, bool) {
	if name == "disk-snapshot-snap-delete" {
		return ActionDiskSnapshotDelete, true
	}
	n, ok := historyActions.find(name)
	return HistoryAction(n), ok
}
