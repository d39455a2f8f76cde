package lifecycle

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// paths are sequences of events, with the states that OpenNebula's documentation gives for
// them.
var paths = []struct {
	name   string
	from   Status
	events []Event
	shown  string
}{
	{"deploy", pending, []Event{Deploy, OK, OK}, "PROLOG BOOT RUNNING"},
	{"boot fails, is tried again", boot, []Event{Failed, RecoverRetry, OK}, "BOOT_FAILURE BOOT RUNNING"},
	{"boot fails, is taken for done", boot, []Event{Failed, RecoverSuccess}, "BOOT_FAILURE RUNNING"},
	{"terminate", running, []Event{Terminate, OK, OK}, "SHUTDOWN EPILOG DONE"},
	{"terminate what does not listen", running, []Event{Terminate, TerminateHard, OK, OK}, "SHUTDOWN SHUTDOWN EPILOG DONE"},
	{"terminate, and it is seen off first", running, []Event{Terminate, SeenPoweroff, OK}, "SHUTDOWN EPILOG DONE"},
	{"terminate, refused by the guest", running, []Event{Terminate, Failed}, "SHUTDOWN RUNNING"},
	{"terminate when off", poweroff, []Event{Terminate, OK}, "EPILOG DONE"},
	{"terminate when stopped", stopped, []Event{Terminate, Failed, RecoverRetry, OK}, "EPILOG EPILOG_FAILURE EPILOG DONE"},
	{"terminate a failure", prologFailure, []Event{Terminate, OK}, "CLEANUP_DELETE DONE"},
	{"poweroff and resume", running, []Event{Poweroff, OK, Resume, OK}, "SHUTDOWN_POWEROFF POWEROFF BOOT_POWEROFF RUNNING"},
	{"suspend and resume", running, []Event{Suspend, OK, Resume, OK}, "SAVE_SUSPEND SUSPENDED BOOT_SUSPENDED RUNNING"},
	{"suspend, resume fails", suspended, []Event{Resume, Failed}, "BOOT_SUSPENDED SUSPENDED"},
	{"stop and resume", running, []Event{Stop, OK, OK, Resume, Deploy, OK, OK},
		"SAVE_STOP EPILOG_STOP STOPPED PENDING PROLOG_RESUME BOOT_STOPPED RUNNING"},
	{"stop when suspended", suspended, []Event{Stop, OK}, "EPILOG_STOP STOPPED"},
	{"undeploy, hold, deploy", running, []Event{Undeploy, OK, OK, Resume, Hold, Deploy, OK, OK},
		"SHUTDOWN_UNDEPLOY EPILOG_UNDEPLOY UNDEPLOYED PENDING HOLD PROLOG_UNDEPLOY BOOT_UNDEPLOY RUNNING"},
	{"undeploy when off", poweroff, []Event{UndeployHard, OK}, "EPILOG_UNDEPLOY UNDEPLOYED"},
	{"live migration", running, []Event{LiveMigrate, OK}, "MIGRATE RUNNING"},
	{"migration", running, []Event{Migrate, OK, OK, OK}, "SAVE_MIGRATE PROLOG_MIGRATE BOOT_MIGRATE RUNNING"},
	{"migration that powers off", running, []Event{MigratePoweroff, OK, Failed, RecoverRetry, OK, OK},
		"SAVE_MIGRATE PROLOG_MIGRATE PROLOG_MIGRATE_FAILURE PROLOG_MIGRATE BOOT RUNNING"},
	{"migration when off", poweroff, []Event{Migrate, OK}, "PROLOG_MIGRATE_POWEROFF POWEROFF"},
	{"migration when suspended", suspended, []Event{Migrate, OK}, "PROLOG_MIGRATE_SUSPEND SUSPENDED"},
	{"migration from a lost host", running, []Event{HostLost, Migrate, OK, OK}, "UNKNOWN PROLOG_MIGRATE_UNKNOWN BOOT RUNNING"},
	{"migration taken back", prologMigrate, []Event{Failed, RecoverFailure, OK}, "PROLOG_MIGRATE_FAILURE BOOT_MIGRATE RUNNING"},
	{"the guest powers off by itself", running, []Event{SeenPoweroff, SeenRunning}, "POWEROFF RUNNING"},
	{"lost and found", running, []Event{HostLost, SeenRunning}, "UNKNOWN RUNNING"},
	{"lost, and booted anew", unknown, []Event{Resume, Failed, Resume, OK}, "BOOT_UNKNOWN UNKNOWN BOOT_UNKNOWN RUNNING"},
	{"images are late", initial, []Event{SubmitCloning, ImagesFailed, RecoverSuccess, ImagesReadyOnHold, Release},
		"CLONING CLONING_FAILURE CLONING HOLD PENDING"},
	{"attach a disk", running, []Event{AttachDisk, Failed}, "HOTPLUG RUNNING"},
	{"detach a disk when off", poweroff, []Event{DetachDisk, OK}, "HOTPLUG_EPILOG_POWEROFF POWEROFF"},
	{"back up, and give up", running, []Event{Backup, BackupCancel, OK}, "BACKUP BACKUP RUNNING"},
	{"recreate", running, []Event{RecoverRecreate, OK}, "CLEANUP_RESUBMIT PENDING"},
	{"delete what cannot be cleaned", running, []Event{RecoverDelete, Failed}, "CLEANUP_DELETE DONE"},
}

func TestPathsAreThoseOfOpenNebula(t *testing.T) {
	t.Parallel()
	for _, p := range paths {
		var shown []string
		at := p.from
		for _, ev := range p.events {
			step, err := Next(at, ev)
			if err != nil {
				t.Errorf("%s: %s in %s: %v", p.name, ev, at.Full(), err)
				break
			}
			at = step.To
			shown = append(shown, at.String())
		}
		if diff := cmp.Diff(p.shown, strings.Join(shown, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", p.name, diff)
		}
	}
}

var (
	prologs = []Effect{DoProlog, DoPrologResume, DoPrologMigrate}
	epilogs = []Effect{DoEpilog, DoEpilogStop, DoEpilogFromFrontEnd}
)

// begins tells whether one of the effects begins in this step, rather than again after a
// failure.
func begins(ev Event, step Step, effects []Effect) bool {
	for _, e := range effects {
		if step.Do == e && ev != RecoverRetry {
			return true
		}
	}
	return false
}

// TestPhasesAreTimed: accounting needs the start and the end of each phase.
func TestPhasesAreTimed(t *testing.T) {
	t.Parallel()
	eachStep(func(from Status, ev Event, step Step) {
		// A reverted migration has an empty prolog.
		backAgain := ev == RecoverFailure && step.Marks.Has(goBack)
		if want := begins(ev, step, prologs) || backAgain; step.Marks.Has(PrologStart) != want {
			t.Errorf("%s %s: starts a prolog: %t; marked: %t", from.Full(), ev, want, !want)
		}
		if want := begins(ev, step, epilogs); step.Marks.Has(EpilogStart) != want {
			t.Errorf("%s %s: starts an epilog: %t; marked: %t", from.Full(), ev, want, !want)
		}
		if ev != OK {
			return
		}
		done := func(effects []Effect) bool { return ledBy(from, effects) }
		if step.Marks.Has(PrologEnd) != done(prologs) || step.Marks.Has(EpilogEnd) != done(epilogs) {
			t.Errorf("%s: want the end of its phase to be marked, and no other; got %s", from.Full(), step.Marks)
		}
	})
}

// ledBy tells whether one of the effects is the current one in a status.
func ledBy(s Status, effects []Effect) bool {
	led := false
	eachStep(func(_ Status, _ Event, step Step) {
		for _, e := range effects {
			led = led || step.To == s && step.Do == e
		}
	})
	return led
}

// TestRunningTimeEnds whenever a VM stops running.
func TestRunningTimeEnds(t *testing.T) {
	t.Parallel()
	eachStep(func(from Status, ev Event, step Step) {
		rests := step.To == poweroff || step.To == suspended
		if rests && from.Holds().Running && !step.Marks.Has(RunEnd) {
			t.Errorf("%s %s → %s: RETIME is not set", from.Full(), ev, step.To.Full())
		}
	})
}
