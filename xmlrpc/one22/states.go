package one22

import "github.com/renkei-vpe/renkei/pkg/one"

// vmStates maps states of VMs that 2.2 does not know to its nearest one. Other states keep
// their numbers.
var vmStates = map[one.VMState]int{
	one.VMPoweroff:       suspended,
	one.VMUndeployed:     stopped,
	one.VMCloning:        pending,
	one.VMCloningFailure: failedVM,
}

// Numbers of 2.2 (VirtualMachine.h).
const (
	pending   = 1
	held      = 2
	active    = 3
	stopped   = 4
	suspended = 5
	done      = 6
	failedVM  = 7

	lcmBoot          = 2
	lcmRunning       = 3
	lcmPrologMigrate = 8
	lcmPrologResume  = 9
	lcmEpilogStop    = 10
	lcmShutdown      = 12
	lcmFailure       = 14
	lcmDelete        = 15
	lcmUnknown       = 16
)

// shown is a VM's state in 2.2 and, if that is ACTIVE, its LCM state.
type shown struct{ state, lcm int }

// lcmStates does the same for the LCM states of active VMs. What is being done to a VM that
// is off looks as if nothing were.
var lcmStates = map[one.LCMState]shown{
	one.LCMHotplug: {active, lcmRunning}, one.LCMHotplugSnapshot: {active, lcmRunning}, one.LCMHotplugNIC: {active, lcmRunning},
	one.LCMHotplugSaveAs: {active, lcmRunning}, one.LCMDiskSnapshot: {active, lcmRunning}, one.LCMDiskSnapshotDelete: {active, lcmRunning},
	one.LCMDiskResize: {active, lcmRunning}, one.LCMHotplugResize: {active, lcmRunning}, one.LCMBackup: {active, lcmRunning},
	one.LCMRestore: {active, lcmRunning},

	one.LCMShutdownPoweroff: {active, lcmShutdown}, one.LCMShutdownUndeploy: {active, lcmShutdown},
	one.LCMCleanupDelete: {active, lcmDelete},

	one.LCMBootUnknown: {active, lcmBoot}, one.LCMBootPoweroff: {active, lcmBoot}, one.LCMBootSuspended: {active, lcmBoot},
	one.LCMBootStopped: {active, lcmBoot}, one.LCMBootUndeploy: {active, lcmBoot}, one.LCMBootMigrate: {active, lcmBoot},

	one.LCMEpilogUndeploy: {active, lcmEpilogStop}, one.LCMPrologUndeploy: {active, lcmPrologResume},
	one.LCMPrologMigratePoweroff: {active, lcmPrologMigrate}, one.LCMPrologMigrateSuspend: {active, lcmPrologMigrate},
	one.LCMPrologMigrateUnknown: {active, lcmPrologMigrate},

	one.LCMBootFailure: {active, lcmFailure}, one.LCMBootMigrateFailure: {active, lcmFailure}, one.LCMPrologMigrateFailure: {active, lcmFailure},
	one.LCMPrologFailure: {active, lcmFailure}, one.LCMEpilogFailure: {active, lcmFailure}, one.LCMEpilogStopFailure: {active, lcmFailure},
	one.LCMEpilogUndeployFailure: {active, lcmFailure}, one.LCMPrologMigratePoweroffFailure: {active, lcmFailure},
	one.LCMPrologMigrateSuspendFailure: {active, lcmFailure}, one.LCMBootUndeployFailure: {active, lcmFailure},
	one.LCMBootStoppedFailure: {active, lcmFailure}, one.LCMPrologResumeFailure: {active, lcmFailure},
	one.LCMPrologUndeployFailure: {active, lcmFailure}, one.LCMPrologMigrateUnknownFailure: {active, lcmFailure},

	one.LCMHotplugSaveAsPoweroff: {suspended, 0}, one.LCMHotplugSaveAsSuspended: {suspended, 0},
	one.LCMHotplugPrologPoweroff: {suspended, 0}, one.LCMHotplugEpilogPoweroff: {suspended, 0},
	one.LCMDiskSnapshotPoweroff: {suspended, 0}, one.LCMDiskSnapshotRevertPoweroff: {suspended, 0},
	one.LCMDiskSnapshotDeletePoweroff: {suspended, 0}, one.LCMDiskSnapshotSuspended: {suspended, 0},
	one.LCMDiskSnapshotDeleteSuspended: {suspended, 0}, one.LCMDiskResizePoweroff: {suspended, 0},
	one.LCMHotplugNICPoweroff: {suspended, 0}, one.LCMBackupPoweroff: {suspended, 0},
	one.LCMDiskResizeUndeployed: {stopped, 0}, one.LCMHotplugSaveAsUndeployed: {stopped, 0}, one.LCMHotplugSaveAsStopped: {stopped, 0},
}

// stateOf is how a VM's status is shown.
func stateOf(state one.VMState, lcm one.LCMState) shown {
	if state == one.VMActive {
		if s, ok := lcmStates[lcm]; ok {
			return s
		}
		return shown{active, int(lcm)}
	}
	if n, ok := vmStates[state]; ok {
		return shown{n, 0}
	}
	return shown{int(state), 0}
}

// imageStates does the same for images: 2.2 has INIT, READY, USED and DISABLED.
var imageStates = map[one.ImageState]int{
	one.ImageReady: imageReady, one.ImageClone: imageReady,
	one.ImageUsed: imageUsed, one.ImageUsedPers: imageUsed, one.ImageLockedUsed: imageUsed, one.ImageLockedUsedPers: imageUsed,
}

// Numbers of 2.2 (Image.h).
const (
	imageReady    = 1
	imageUsed     = 2
	imageDisabled = 3
)

// imageState shows images that are not ready yet, broken or being deleted as DISABLED.
func imageState(s one.ImageState) int {
	if n, ok := imageStates[s]; ok {
		return n
	}
	return imageDisabled
}

// hostStates does the same for hosts: 2.2 has INIT, MONITORING, MONITORED, ERROR
// and DISABLED.
var hostStates = map[one.HostState]int{
	one.HostMonitoringInit: hostInit, one.HostMonitoringError: hostError,
	one.HostMonitoringDisabled: hostDisabled, one.HostOffline: hostDisabled,
}

// Numbers of 2.2 (Host.h).
const (
	hostInit     = 0
	hostError    = 3
	hostDisabled = 4
)

func hostState(s one.HostState) int {
	if n, ok := hostStates[s]; ok {
		return n
	}
	return int(s)
}
