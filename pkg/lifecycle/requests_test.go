package lifecycle

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/one"
)

var anyFailure = []string{
	"BOOT_FAILURE", "BOOT_MIGRATE_FAILURE", "PROLOG_MIGRATE_FAILURE", "PROLOG_MIGRATE_FAILURE (powered off)",
	"PROLOG_FAILURE", "EPILOG_FAILURE", "EPILOG_FAILURE (at front end)", "EPILOG_STOP_FAILURE",
	"EPILOG_UNDEPLOY_FAILURE", "PROLOG_MIGRATE_POWEROFF_FAILURE", "PROLOG_MIGRATE_SUSPEND_FAILURE",
	"BOOT_UNDEPLOY_FAILURE", "BOOT_STOPPED_FAILURE", "PROLOG_RESUME_FAILURE", "PROLOG_UNDEPLOY_FAILURE",
	"PROLOG_MIGRATE_UNKNOWN_FAILURE",
}

var (
	waiting = []string{"PENDING", "PENDING (after stop)", "PENDING (after undeploy)"}
	held    = []string{"HOLD", "HOLD (after stop)", "HOLD (after undeploy)"}
	off     = []string{"SUSPENDED", "POWEROFF", "STOPPED", "UNDEPLOYED"}
	unborn  = []string{"INIT", "CLONING", "CLONING_FAILURE"}
	seen    = []string{"RUNNING", "UNKNOWN"}
	// PROLOG and BOOT: only here, see addTerminateOnDeploy.
	terminable  = join(off, unborn, waiting, held, seen, anyFailure, []string{"DONE", "PROLOG", "BOOT"})
	resizable   = join(unborn, waiting, held, []string{"UNDEPLOYED", "POWEROFF", "RUNNING"})
	runningOnly = []string{"RUNNING"}
)

// accepted is OpenNebula's table of requests and the states that allow them, written
// independently of ours.
var accepted = map[Event][]string{
	Terminate:           terminable,
	TerminateHard:       join(terminable, []string{"SHUTDOWN"}),
	Undeploy:            join(seen, []string{"POWEROFF"}),
	UndeployHard:        join(seen, []string{"POWEROFF", "SHUTDOWN_UNDEPLOY"}),
	Poweroff:            seen,
	PoweroffHard:        join(seen, []string{"SHUTDOWN_POWEROFF"}),
	Suspend:             runningOnly,
	Stop:                {"RUNNING", "SUSPENDED"},
	Resume:              join(off, []string{"UNKNOWN"}),
	Hold:                waiting,
	Release:             held,
	Reboot:              runningOnly,
	RebootHard:          runningOnly,
	Resched:             join(seen, []string{"POWEROFF"}),
	Unresched:           join(seen, []string{"POWEROFF"}),
	Deploy:              join(waiting, held, []string{"STOPPED", "UNDEPLOYED"}),
	Migrate:             join(seen, []string{"POWEROFF", "SUSPENDED"}),
	MigratePoweroff:     join(seen, []string{"POWEROFF", "SUSPENDED"}),
	MigratePoweroffHard: join(seen, []string{"POWEROFF", "SUSPENDED"}),
	LiveMigrate:         runningOnly,
	AttachDisk:          {"RUNNING", "POWEROFF"},
	DetachDisk:          {"RUNNING", "POWEROFF"},
	AttachNIC:           {"RUNNING", "POWEROFF"},
	DetachNIC:           {"RUNNING", "POWEROFF"},
	UpdateNIC:           join(runningOnly, unborn, waiting, held, off),
	AttachPCI:           {"POWEROFF", "UNDEPLOYED"},
	DetachPCI:           {"POWEROFF", "UNDEPLOYED"},
	ResizeCapacity:      resizable,
	ResizeDisk:          {"RUNNING", "POWEROFF", "UNDEPLOYED"},
	SnapshotCreate:      runningOnly,
	SnapshotRevert:      runningOnly,
	SnapshotDelete:      runningOnly,
	DiskSnapshotCreate:  {"RUNNING", "POWEROFF", "SUSPENDED"},
	DiskSnapshotDelete:  {"RUNNING", "POWEROFF", "SUSPENDED"},
	DiskSnapshotRevert:  {"POWEROFF"},
	SaveAs:              join(runningOnly, off),
	Backup:              {"RUNNING", "POWEROFF"},
	BackupCancel:        {"BACKUP", "BACKUP_POWEROFF"},
	RestoreBackup:       {"POWEROFF"},
	Exec:                runningOnly,
	ExecRetry:           runningOnly,
	ExecCancel:          runningOnly,
}

func join(lists ...[]string) []string {
	var all []string
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

func TestRequestsAreAcceptedAsByOned(t *testing.T) {
	t.Parallel()
	for ev, names := range accepted {
		want, got := map[string]bool{}, map[string]bool{}
		for _, name := range names {
			want[name] = true
		}
		for _, s := range Statuses() {
			if Can(s, ev) {
				got[s.Full()] = true
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s is accepted in other states (-want +got):\n%s", ev, diff)
		}
	}
}

// TestObservations compares what monitoring may change with oned's list.
func TestObservations(t *testing.T) {
	t.Parallel()
	want := map[Event][]string{
		SeenRunning: {"POWEROFF", "SUSPENDED", "UNKNOWN",
			"BOOT_FAILURE", "BOOT_MIGRATE_FAILURE", "BOOT_STOPPED_FAILURE", "BOOT_UNDEPLOY_FAILURE"},
		SeenPoweroff:  {"RUNNING", "UNKNOWN", "SHUTDOWN", "SHUTDOWN_POWEROFF", "SHUTDOWN_UNDEPLOY"},
		SeenSuspended: {"RUNNING", "UNKNOWN"},
		SeenFailed:    {"RUNNING"},
		HostLost:      {"RUNNING"},
	}
	for ev, names := range want {
		for _, s := range Statuses() {
			listed := false
			for _, name := range names {
				listed = listed || name == s.Full()
			}
			if Can(s, ev) != listed {
				t.Errorf("%s %s is accepted: %t; want %t", s.Full(), ev, !listed, listed)
			}
		}
	}
}

// TestNamesOfActions: the actions that one.vm.action takes, and their names in history records.
func TestNamesOfActions(t *testing.T) {
	t.Parallel()
	for name, ev := range actions {
		if name != ev.String() {
			t.Errorf("action %q is event %q", name, ev)
		}
	}
	for _, ev := range Events()[Deploy:OK] {
		if ev.Action() == one.ActionNone {
			t.Errorf("request %s has no action for rights and records", ev)
		}
	}
	got := []one.HistoryAction{TerminateHard.Action(), MigratePoweroff.Action(), RecoverRecreate.Action(), SeenPoweroff.Action(), OK.Action(), Submit.Action()}
	want := []one.HistoryAction{28, 48, 14, 44, 0, 0}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("actions (-want +got):\n%s", diff)
	}
	if _, ok := ParseAction("terminate-nosuch"); ok {
		t.Error("ParseAction accepts a name that one.vm.action refuses")
	}
}

func TestRefusalsHaveOnedsTexts(t *testing.T) {
	t.Parallel()
	said := func(from Status, ev Event) string {
		_, err := Next(from, ev)
		refused, ok := err.(*Refused)
		if !ok {
			t.Fatalf("Next(%s, %s) is not refused", from, ev)
		}
		return refused.Text(7)
	}
	got := []string{
		said(hold, Poweroff), said(bootFailure, Poweroff), said(running, Deploy), said(migrate, Terminate),
		said(hotplugNICAttach, AttachDisk), said(running, BackupCancel), said(done, RecoverRecreate),
	}
	want := []string{
		"This action is not available for state HOLD",
		"This action is not available for state BOOT_FAILURE",
		"Deploy action is not available for state RUNNING",
		"Could not terminate VM 7, wrong state MIGRATE.",
		"Could not attach a new disk to VM 7, wrong state HOTPLUG_NIC.",
		"Could not cancel backup for VM 7, no backup in progress",
		"Cannot delete-recreate a VM already in DONE state",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("refusals (-want +got):\n%s", diff)
	}
}
