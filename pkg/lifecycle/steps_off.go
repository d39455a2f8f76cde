package lifecycle

// offSteps is for VMs that are off. In POWEROFF and SUSPENDED they keep their capacity on the
// host; in STOPPED and UNDEPLOYED their files are at the front end.
var offSteps = table{
	poweroff: {
		Resume:        {bootPoweroff, DoBoot, RenewRecord | RunStart},
		Terminate:     {epilog, DoEpilog, EpilogStart},
		TerminateHard: {epilog, DoEpilog, EpilogStart},
		Undeploy:      {epilogUndeploy, DoEpilogStop, EpilogStart},
		UndeployHard:  {epilogUndeploy, DoEpilogStop, EpilogStart},
		Resched:       {poweroff, DoKeep, SetResched},
		Unresched:     {poweroff, DoKeep, ClearResched},

		Migrate:             {prologMigratePoweroff, DoPrologMigrate, moveFiles},
		MigratePoweroff:     {prologMigratePoweroff, DoPrologMigrate, moveFiles},
		MigratePoweroffHard: {prologMigratePoweroff, DoPrologMigrate, moveFiles},

		AttachDisk:         {hotplugPrologPoweroff, DoAttachDiskOff, RenewRecord | ClearResched},
		DetachDisk:         {hotplugEpilogPoweroff, DoDetachDiskOff, RenewRecord | ClearResched},
		AttachNIC:          {poweroff, DoKeep, RenewRecord | ClearResched},
		DetachNIC:          {poweroff, DoKeep, RenewRecord | ClearResched},
		AttachNICCold:      {hotplugNICPoweroffAttach, DoAttachNICOff, RenewRecord | ClearResched},
		DetachNICCold:      {hotplugNICPoweroffDetach, DoDetachNICOff, RenewRecord | ClearResched},
		UpdateNIC:          {poweroff, DoKeep, 0},
		AttachPCI:          {poweroff, DoKeep, RenewRecord},
		DetachPCI:          {poweroff, DoKeep, RenewRecord},
		ResizeCapacity:     {poweroff, DoKeep, RenewRecord},
		ResizeDisk:         {diskResizePoweroff, DoResizeDiskOff, RenewRecord},
		DiskSnapshotCreate: {diskSnapshotPoweroff, DoCreateDiskSnapshotOff, RenewRecord},
		DiskSnapshotRevert: {diskSnapshotRevertPoweroff, DoRevertDiskSnapshot, RenewRecord},
		DiskSnapshotDelete: {diskSnapshotDeletePoweroff, DoDeleteDiskSnapshotOff, RenewRecord},
		SaveAs:             {hotplugSaveAsPoweroff, DoSaveAsOff, 0},
		Backup:             {backupPoweroff, DoBackupOff, RenewRecord | ClearResched},
		RestoreBackup:      {restore, DoRestoreBackup, RenewRecord},

		SeenRunning: {running, DoNone, RenewRecord | RunStart},
	},
	suspended: {
		Resume:        {bootSuspended, DoRestore, RenewRecord | RunStart},
		Stop:          {epilogStop, DoEpilogStop, EpilogStart},
		Terminate:     {epilog, DoEpilog, EpilogStart},
		TerminateHard: {epilog, DoEpilog, EpilogStart},

		Migrate:             {prologMigrateSuspend, DoPrologMigrate, moveFiles},
		MigratePoweroff:     {prologMigrateSuspend, DoPrologMigrate, moveFiles},
		MigratePoweroffHard: {prologMigrateSuspend, DoPrologMigrate, moveFiles},

		UpdateNIC:          {suspended, DoKeep, 0},
		DiskSnapshotCreate: {diskSnapshotSuspended, DoCreateDiskSnapshotOff, RenewRecord},
		DiskSnapshotDelete: {diskSnapshotDeleteSuspended, DoDeleteDiskSnapshotOff, RenewRecord},
		SaveAs:             {hotplugSaveAsSuspended, DoSaveAsOff, 0},

		SeenRunning: {running, DoNone, RenewRecord | RunStart},
	},
	stopped: {
		Resume:        {pendingStopped, DoNone, 0},
		Deploy:        {prologResume, DoPrologResume, OpenRecord | PrologStart},
		Terminate:     {epilogFrontEnd, DoEpilogFromFrontEnd, EpilogStart},
		TerminateHard: {epilogFrontEnd, DoEpilogFromFrontEnd, EpilogStart},
		UpdateNIC:     {stopped, DoKeep, 0},
		SaveAs:        {hotplugSaveAsStopped, DoSaveAsFrontEnd, 0},
	},
	undeployed: {
		Resume:         {pendingUndeployed, DoNone, 0},
		Deploy:         {prologUndeploy, DoPrologResume, OpenRecord | PrologStart},
		Terminate:      {epilogFrontEnd, DoEpilogFromFrontEnd, EpilogStart},
		TerminateHard:  {epilogFrontEnd, DoEpilogFromFrontEnd, EpilogStart},
		UpdateNIC:      {undeployed, DoKeep, 0},
		AttachPCI:      {undeployed, DoKeep, 0},
		DetachPCI:      {undeployed, DoKeep, 0},
		ResizeCapacity: {undeployed, DoKeep, 0},
		ResizeDisk:     {diskResizeUndeployed, DoResizeDiskFrontEnd, 0},
		SaveAs:         {hotplugSaveAsUndeployed, DoSaveAsFrontEnd, 0},
	},
}
