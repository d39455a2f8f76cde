package lifecycle

// moveFiles is how the move of a VM that does not run begins: the old host is
// left at once, only files travel.
const moveFiles = OpenRecord | CloseOldRecord | PrologStart | ClearResched | ClearSnapshots

// leaveHost is how the files of a VM begin to travel once it ran for the last
// time on the old host.
const leaveHost = CloseOldRecord | PrologStart | ClearSnapshots

// goBack is how a failed move is given up: the VM arrives at the host it was on,
// in no time.
const goBack = RevertRecord | PrologStart | PrologEnd

// moveSteps is the way of a VM from one host to another. While it is SAVE_MIGRATE
// or MIGRATE it still runs on the old one, and that is where it stays if they fail.
var moveSteps = table{
	migrate: {
		OK:     {running, DoNone, CloseOldRecord | RunStart | ClearSnapshots},
		Failed: {running, DoNone, RevertRecord | RunStart},
	},
	saveMigrate: {
		OK:     {prologMigrate, DoPrologMigrate, leaveHost},
		Failed: {running, DoNone, RevertRecord | RunStart},
	},
	saveMigrateOff: {
		OK:     {prologMigrateOff, DoPrologMigrate, leaveHost},
		Failed: {running, DoNone, RevertRecord | RunStart},
	},
	prologMigrate: {
		OK:     {bootMigrate, DoRestore, PrologEnd | RunStart},
		Failed: {prologMigrateFailure, DoNone, 0},
	},
	prologMigrateOff: {
		OK:     {boot, DoBoot, PrologEnd | RunStart},
		Failed: {prologMigrateFailureOff, DoNone, 0},
	},
	prologMigratePoweroff: {
		OK:     {poweroff, DoNone, PrologEnd | RunEnd},
		Failed: {prologMigratePoweroffFailure, DoNone, 0},
	},
	prologMigrateSuspend: {
		OK:     {suspended, DoNone, PrologEnd | RunEnd},
		Failed: {prologMigrateSuspendFailure, DoNone, 0},
	},
	prologMigrateUnknown: {
		OK:     {boot, DoBoot, PrologEnd | RunStart},
		Failed: {prologMigrateUnknownFailure, DoNone, 0},
	},
	bootMigrate: {
		OK:     {running, DoNone, RunOn | ClearAction},
		Failed: {bootMigrateFailure, DoNone, RunEnd},
	},

	// To take a failed move for failed is to go back to the old host.
	prologMigrateFailure:         {RecoverFailure: {bootMigrate, DoRestore, goBack | RunStart}},
	prologMigrateFailureOff:      {RecoverFailure: {boot, DoBoot, goBack | RunStart}},
	prologMigrateUnknownFailure:  {RecoverFailure: {boot, DoBoot, goBack | RunStart}},
	prologMigratePoweroffFailure: {RecoverFailure: {poweroff, DoNone, goBack | RunEnd}},
	prologMigrateSuspendFailure:  {RecoverFailure: {suspended, DoNone, goBack | RunEnd}},
}
