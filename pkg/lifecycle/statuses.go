package lifecycle

import "github.com/renkei-vpe/renkei/pkg/one"

// Names for each status that a VM can have, which the table is written with.
var (
	initial           = Status{State: one.VMInit}
	pending           = Status{State: one.VMPending}
	pendingStopped    = Status{State: one.VMPending, Detail: AfterStop}
	pendingUndeployed = Status{State: one.VMPending, Detail: AfterUndeploy}
	hold              = Status{State: one.VMHold}
	holdStopped       = Status{State: one.VMHold, Detail: AfterStop}
	holdUndeployed    = Status{State: one.VMHold, Detail: AfterUndeploy}
	cloning           = Status{State: one.VMCloning}
	cloningFailure    = Status{State: one.VMCloningFailure}
	stopped           = Status{State: one.VMStopped}
	suspended         = Status{State: one.VMSuspended}
	poweroff          = Status{State: one.VMPoweroff}
	undeployed        = Status{State: one.VMUndeployed}
	done              = Status{State: one.VMDone}
)

// The statuses of an ACTIVE VM.
var (
	prolog                = active(one.LCMProlog)
	prologFailure         = active(one.LCMPrologFailure)
	prologResume          = active(one.LCMPrologResume)
	prologResumeFailure   = active(one.LCMPrologResumeFailure)
	prologUndeploy        = active(one.LCMPrologUndeploy)
	prologUndeployFailure = active(one.LCMPrologUndeployFailure)

	boot                = active(one.LCMBoot)
	bootFailure         = active(one.LCMBootFailure)
	bootStopped         = active(one.LCMBootStopped)
	bootStoppedFailure  = active(one.LCMBootStoppedFailure)
	bootUndeploy        = active(one.LCMBootUndeploy)
	bootUndeployFailure = active(one.LCMBootUndeployFailure)
	bootPoweroff        = active(one.LCMBootPoweroff)
	bootSuspended       = active(one.LCMBootSuspended)
	bootUnknown         = active(one.LCMBootUnknown)

	running = active(one.LCMRunning)
	unknown = active(one.LCMUnknown)

	migrate                      = active(one.LCMMigrate)
	saveMigrate                  = active(one.LCMSaveMigrate)
	saveMigrateOff               = activeAs(one.LCMSaveMigrate, PoweredOff)
	prologMigrate                = active(one.LCMPrologMigrate)
	prologMigrateOff             = activeAs(one.LCMPrologMigrate, PoweredOff)
	prologMigrateFailure         = active(one.LCMPrologMigrateFailure)
	prologMigrateFailureOff      = activeAs(one.LCMPrologMigrateFailure, PoweredOff)
	bootMigrate                  = active(one.LCMBootMigrate)
	bootMigrateFailure           = active(one.LCMBootMigrateFailure)
	prologMigratePoweroff        = active(one.LCMPrologMigratePoweroff)
	prologMigratePoweroffFailure = active(one.LCMPrologMigratePoweroffFailure)
	prologMigrateSuspend         = active(one.LCMPrologMigrateSuspend)
	prologMigrateSuspendFailure  = active(one.LCMPrologMigrateSuspendFailure)
	prologMigrateUnknown         = active(one.LCMPrologMigrateUnknown)
	prologMigrateUnknownFailure  = active(one.LCMPrologMigrateUnknownFailure)

	saveStop              = active(one.LCMSaveStop)
	saveSuspend           = active(one.LCMSaveSuspend)
	shutdown              = active(one.LCMShutdown)
	shutdownPoweroff      = active(one.LCMShutdownPoweroff)
	shutdownUndeploy      = active(one.LCMShutdownUndeploy)
	epilog                = active(one.LCMEpilog)
	epilogFailure         = active(one.LCMEpilogFailure)
	epilogFrontEnd        = activeAs(one.LCMEpilog, AtFrontEnd)
	epilogFailureFrontEnd = activeAs(one.LCMEpilogFailure, AtFrontEnd)
	epilogStop            = active(one.LCMEpilogStop)
	epilogStopFailure     = active(one.LCMEpilogStopFailure)
	epilogUndeploy        = active(one.LCMEpilogUndeploy)
	epilogUndeployFailure = active(one.LCMEpilogUndeployFailure)
	cleanupDelete         = active(one.LCMCleanupDelete)
	cleanupResubmit       = active(one.LCMCleanupResubmit)

	hotplugAttachDisk     = activeAs(one.LCMHotplug, Attaching)
	hotplugDetachDisk     = activeAs(one.LCMHotplug, Detaching)
	hotplugConf           = activeAs(one.LCMHotplug, Configuring)
	hotplugExec           = activeAs(one.LCMHotplug, Executing)
	hotplugCancelExec     = activeAs(one.LCMHotplug, CancellingExec)
	hotplugPrologPoweroff = active(one.LCMHotplugPrologPoweroff)
	hotplugEpilogPoweroff = active(one.LCMHotplugEpilogPoweroff)

	hotplugNICAttach         = activeAs(one.LCMHotplugNIC, Attaching)
	hotplugNICDetach         = activeAs(one.LCMHotplugNIC, Detaching)
	hotplugNICUpdate         = activeAs(one.LCMHotplugNIC, Updating)
	hotplugNICPoweroffAttach = activeAs(one.LCMHotplugNICPoweroff, Attaching)
	hotplugNICPoweroffDetach = activeAs(one.LCMHotplugNICPoweroff, Detaching)

	hotplugSnapshotCreate = activeAs(one.LCMHotplugSnapshot, Creating)
	hotplugSnapshotRevert = activeAs(one.LCMHotplugSnapshot, Reverting)
	hotplugSnapshotDelete = activeAs(one.LCMHotplugSnapshot, Deleting)

	hotplugSaveAs           = active(one.LCMHotplugSaveAs)
	hotplugSaveAsPoweroff   = active(one.LCMHotplugSaveAsPoweroff)
	hotplugSaveAsSuspended  = active(one.LCMHotplugSaveAsSuspended)
	hotplugSaveAsUndeployed = active(one.LCMHotplugSaveAsUndeployed)
	hotplugSaveAsStopped    = active(one.LCMHotplugSaveAsStopped)
	hotplugResize           = active(one.LCMHotplugResize)

	diskSnapshot                = active(one.LCMDiskSnapshot)
	diskSnapshotDelete          = active(one.LCMDiskSnapshotDelete)
	diskSnapshotPoweroff        = active(one.LCMDiskSnapshotPoweroff)
	diskSnapshotRevertPoweroff  = active(one.LCMDiskSnapshotRevertPoweroff)
	diskSnapshotDeletePoweroff  = active(one.LCMDiskSnapshotDeletePoweroff)
	diskSnapshotSuspended       = active(one.LCMDiskSnapshotSuspended)
	diskSnapshotDeleteSuspended = active(one.LCMDiskSnapshotDeleteSuspended)

	diskResize           = active(one.LCMDiskResize)
	diskResizePoweroff   = active(one.LCMDiskResizePoweroff)
	diskResizeUndeployed = active(one.LCMDiskResizeUndeployed)

	backup                   = active(one.LCMBackup)
	backupCancelling         = activeAs(one.LCMBackup, Cancelling)
	backupPoweroff           = active(one.LCMBackupPoweroff)
	backupPoweroffCancelling = activeAs(one.LCMBackupPoweroff, Cancelling)
	restore                  = active(one.LCMRestore)
)

func active(lcm one.LCMState) Status { return activeAs(lcm, Plain) }

func activeAs(lcm one.LCMState, d Detail) Status {
	return Status{State: one.VMActive, LCM: lcm, Detail: d}
}
