package lifecycle

// runningSteps is for VMs that run, or should run: an UNKNOWN one cannot be monitored.
var runningSteps = table{
	running: {
		Terminate:     {shutdown, DoShutdown, ClearResched},
		TerminateHard: {shutdown, DoDestroy, ClearResched},
		Undeploy:      {shutdownUndeploy, DoShutdown, ClearResched},
		UndeployHard:  {shutdownUndeploy, DoDestroy, ClearResched},
		Poweroff:      {shutdownPoweroff, DoShutdown, ClearResched},
		PoweroffHard:  {shutdownPoweroff, DoDestroy, ClearResched},
		Suspend:       {saveSuspend, DoSave, ClearResched},
		Stop:          {saveStop, DoSave, ClearResched},
		Reboot:        {running, DoReboot, ClearResched},
		RebootHard:    {running, DoReset, ClearResched},
		Resched:       {running, DoKeep, SetResched},
		Unresched:     {running, DoKeep, ClearResched},

		Migrate:             {saveMigrate, DoSave, OpenRecord | ClearResched},
		MigratePoweroff:     {saveMigrateOff, DoShutdown, OpenRecord | ClearResched},
		MigratePoweroffHard: {saveMigrateOff, DoDestroy, OpenRecord | ClearResched},
		LiveMigrate:         {migrate, DoLiveMigrate, OpenRecord | ClearResched},

		AttachDisk:         {hotplugAttachDisk, DoAttachDisk, RenewRecord | ClearResched},
		DetachDisk:         {hotplugDetachDisk, DoDetachDisk, RenewRecord | ClearResched},
		AttachNIC:          {hotplugNICAttach, DoAttachNIC, RenewRecord | ClearResched},
		DetachNIC:          {hotplugNICDetach, DoDetachNIC, RenewRecord | ClearResched},
		UpdateNIC:          {hotplugNICUpdate, DoUpdateNIC, RenewRecord},
		ResizeCapacity:     {hotplugResize, DoResize, RenewRecord | ClearResched},
		ResizeDisk:         {diskResize, DoResizeDisk, RenewRecord},
		SnapshotCreate:     {hotplugSnapshotCreate, DoCreateSnapshot, ClearResched},
		SnapshotRevert:     {hotplugSnapshotRevert, DoRevertSnapshot, ClearResched},
		SnapshotDelete:     {hotplugSnapshotDelete, DoDeleteSnapshot, ClearResched},
		DiskSnapshotCreate: {diskSnapshot, DoCreateDiskSnapshot, RenewRecord},
		DiskSnapshotDelete: {diskSnapshotDelete, DoDeleteDiskSnapshot, RenewRecord},
		SaveAs:             {hotplugSaveAs, DoSaveAs, 0},
		UpdateConf:         {hotplugConf, DoUpdateConf, ClearResched},
		Backup:             {backup, DoBackup, RenewRecord | ClearResched},
		Exec:               {hotplugExec, DoExec, RenewRecord},
		ExecRetry:          {hotplugExec, DoExec, RenewRecord},
		ExecCancel:         {hotplugCancelExec, DoCancelExec, RenewRecord},

		// The outcome of a reboot changes nothing, nor does recovering a running VM.
		OK:             {running, DoNone, 0},
		Failed:         {running, DoNone, 0},
		RecoverSuccess: {running, DoKeep, 0},
		RecoverFailure: {running, DoKeep, 0},
		RecoverRetry:   {running, DoKeep, 0},

		SeenPoweroff:  {poweroff, DoNone, RunEnd | ClearResched | ClearSnapshots},
		SeenSuspended: {suspended, DoNone, RunEnd | ClearResched | ClearSnapshots},
		SeenFailed:    {unknown, DoNone, ClearResched},
		HostLost:      {unknown, DoNone, ClearResched},
	},
	unknown: {
		Terminate:     {shutdown, DoShutdown, ClearResched},
		TerminateHard: {shutdown, DoDestroy, ClearResched},
		Undeploy:      {shutdownUndeploy, DoShutdown, ClearResched},
		UndeployHard:  {shutdownUndeploy, DoDestroy, ClearResched},
		Poweroff:      {shutdownPoweroff, DoShutdown, ClearResched},
		PoweroffHard:  {shutdownPoweroff, DoDestroy, ClearResched},
		Resume:        {bootUnknown, DoBoot, 0},
		Resched:       {unknown, DoKeep, SetResched},
		Unresched:     {unknown, DoKeep, ClearResched},

		// Its memory is lost, so after every kind of cold migration it boots.
		Migrate:             {prologMigrateUnknown, DoPrologMigrate, moveFiles},
		MigratePoweroff:     {prologMigrateUnknown, DoPrologMigrate, moveFiles},
		MigratePoweroffHard: {prologMigrateUnknown, DoPrologMigrate, moveFiles},

		RecoverSuccess: {running, DoNone, 0},
		RecoverFailure: {running, DoNone, 0},
		RecoverRetry:   {unknown, DoKeep, 0},

		SeenRunning:   {running, DoNone, 0},
		SeenPoweroff:  {poweroff, DoNone, RunEnd | ClearResched | ClearSnapshots},
		SeenSuspended: {suspended, DoNone, RunEnd | ClearResched | ClearSnapshots},
	},
}
