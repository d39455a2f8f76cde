package lifecycle

// moveFiles begins the migration of a VM that does not run: its capacity on the old host is
// freed at once, and only files are moved.
const moveFiles = OpenRecord | CloseOldRecord | PrologStart | ClearResched | ClearSnapshots

// leaveHost begins to move the files of a VM that has stopped running on the old host.
const leaveHost = CloseOldRecord | PrologStart | ClearSnapshots

// goBack reverts a failed migration: the VM returns to the host it was on, with an empty
// prolog.
const goBack = RevertRecord | PrologStart | PrologEnd

// moveSteps is migration. In SAVE_MIGRATE and MIGRATE the VM still runs on the old host, and it
// stays there if these fail.
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

	// recover --failure of a failed migration returns to the old host.
	prologMigrateFailure:         {RecoverFailure: {bootMigrate, DoRestore, goBack | RunStart}},
	prologMigrateFailureOff:      {RecoverFailure: {boot, DoBoot, goBack | RunStart}},
	prologMigrateUnknownFailure:  {RecoverFailure: {boot, DoBoot, goBack | RunStart}},
	prologMigratePoweroffFailure: {RecoverFailure: {poweroff, DoNone, goBack | RunEnd}},
	prologMigrateSuspendFailure:  {RecoverFailure: {suspended, DoNone, goBack | RunEnd}},
}
