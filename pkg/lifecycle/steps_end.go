package lifecycle

// endSteps is how a VM stops running. When the hypervisor fails to end it, the VM is treated as
// still running; monitoring corrects that if it is wrong.
var endSteps = table{
	saveSuspend: {
		OK:     {suspended, DoNone, RunEnd | ClearSnapshots},
		Failed: {running, DoNone, ClearAction},
	},
	saveStop: {
		OK:     {epilogStop, DoEpilogStop, RunEnd | EpilogStart | ClearSnapshots},
		Failed: {running, DoNone, ClearAction},
	},
	shutdown: {
		TerminateHard: {shutdown, DoDestroy, 0},
		OK:            {epilog, DoEpilog, RunEnd | EpilogStart | ClearSnapshots},
		SeenPoweroff:  {epilog, DoEpilog, RunEnd | EpilogStart | ClearSnapshots},
		Failed:        {running, DoNone, ClearAction},
	},
	shutdownPoweroff: {
		PoweroffHard: {shutdownPoweroff, DoDestroy, 0},
		OK:           {poweroff, DoNone, RunEnd | ClearSnapshots},
		SeenPoweroff: {poweroff, DoNone, RunEnd | ClearSnapshots},
		Failed:       {running, DoNone, ClearAction},
	},
	shutdownUndeploy: {
		UndeployHard: {shutdownUndeploy, DoDestroy, 0},
		OK:           {epilogUndeploy, DoEpilogStop, RunEnd | EpilogStart | ClearSnapshots},
		SeenPoweroff: {epilogUndeploy, DoEpilogStop, RunEnd | EpilogStart | ClearSnapshots},
		Failed:       {running, DoNone, ClearAction},
	},
}

// epilogSteps is the epilog of a VM that no longer runs.
var epilogSteps = table{
	epilog: {
		OK:     {done, DoNone, EpilogEnd},
		Failed: {epilogFailure, DoNone, 0},
	},
	epilogFrontEnd: {
		OK:     {done, DoNone, EpilogEnd},
		Failed: {epilogFailureFrontEnd, DoNone, 0},
	},
	epilogStop: {
		OK:     {stopped, DoNone, EpilogEnd},
		Failed: {epilogStopFailure, DoNone, 0},
	},
	epilogUndeploy: {
		OK:     {undeployed, DoNone, EpilogEnd},
		Failed: {epilogUndeployFailure, DoNone, 0},
	},
	// A cleanup that failed for good does not keep the VM from DONE, but is logged.
	cleanupDelete: {
		OK:            {done, DoNone, 0},
		Failed:        {done, DoNone, LeftBehind},
		RecoverDelete: {done, DoNone, LeftBehind},
	},
	cleanupResubmit: {
		OK:              {pending, DoNone, ForgetDeployID},
		Failed:          {pending, DoNone, ForgetDeployID | LeftBehind},
		RecoverDelete:   {cleanupDelete, DoAgain, 0},
		RecoverRecreate: {pending, DoNone, ForgetDeployID | LeftBehind},
	},
}
