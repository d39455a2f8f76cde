package lifecycle

// bootSteps is deployment, until the VM runs. What the *_FAILURE statuses share is in the table
// of failures.
var bootSteps = table{
	prolog: {
		OK:     {boot, DoBoot, PrologEnd | RunStart},
		Failed: {prologFailure, DoNone, 0},
	},
	prologResume: {
		OK:     {bootStopped, DoRestore, PrologEnd | RunStart},
		Failed: {prologResumeFailure, DoNone, 0},
	},
	prologUndeploy: {
		OK:     {bootUndeploy, DoBoot, PrologEnd | RunStart},
		Failed: {prologUndeployFailure, DoNone, 0},
	},
	boot: {
		OK:     {running, DoNone, RunOn | ClearAction},
		Failed: {bootFailure, DoNone, RunEnd},
	},
	bootStopped: {
		OK:     {running, DoNone, RunOn | ClearAction},
		Failed: {bootStoppedFailure, DoNone, RunEnd},
	},
	bootUndeploy: {
		OK:     {running, DoNone, RunOn | ClearAction},
		Failed: {bootUndeployFailure, DoNone, RunEnd},
	},
	bootPoweroff: {
		OK:     {running, DoNone, RunOn | ClearAction},
		Failed: {poweroff, DoNone, RunEnd},
	},
	bootSuspended: {
		OK:     {running, DoNone, RunOn | ClearAction},
		Failed: {suspended, DoNone, RunEnd},
	},
	bootUnknown: {
		OK:     {running, DoNone, RunOn | ClearAction},
		Failed: {unknown, DoNone, RunEnd},
	},
	// The driver failed, but monitoring found the VM running.
	bootFailure:         {SeenRunning: {running, DoNone, RunOn | ClearAction}},
	bootStoppedFailure:  {SeenRunning: {running, DoNone, RunOn | ClearAction}},
	bootUndeployFailure: {SeenRunning: {running, DoNone, RunOn | ClearAction}},
	bootMigrateFailure:  {SeenRunning: {running, DoNone, RunOn | ClearAction}},
}
