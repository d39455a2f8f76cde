package one

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNamesAreThoseOfOpenNebula(t *testing.T) {
	t.Parallel()
	type shown struct{ Text, Brief string }
	got := map[string]shown{
		"vm":        {VMPoweroff.String(), VMPoweroff.Short()},
		"lcm":       {LCMHotplugSaveAsPoweroff.String(), LCMHotplugSaveAsPoweroff.Short()},
		"lcm last":  {LCMRestore.String(), LCMRestore.Short()},
		"lcm none":  {LCMInit.String(), LCMInit.Short()},
		"image":     {ImageUsedPers.String(), ImageUsedPers.Short()},
		"type":      {ImageTypeDatablock.String(), ImageTypeDatablock.Short()},
		"host":      {HostMonitored.String(), HostMonitored.Short()},
		"vnet":      {VNetUpdateFailure.String(), VNetUpdateFailure.Short()},
		"datastore": {DatastoreSystem.String(), DatastoreSystem.Short()},
		"ds state":  {DatastoreDisabled.String(), DatastoreDisabled.Short()},
	}
	want := map[string]shown{
		"vm":        {"POWEROFF", "poff"},
		"lcm":       {"HOTPLUG_SAVEAS_POWEROFF", "hotp"},
		"lcm last":  {"RESTORE", "rest"},
		"lcm none":  {"LCM_INIT", ""},
		"image":     {"USED_PERS", "used"},
		"type":      {"DATABLOCK", "DB"},
		"host":      {"MONITORED", "on"},
		"vnet":      {"UPDATE_FAILURE", "fail"},
		"datastore": {"SYSTEM_DS", "sys"},
		"ds state":  {"DISABLED", "off"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

func TestRetiredNumbersAreWrittenAsNumbers(t *testing.T) {
	t.Parallel()
	got := []string{VMState(7).String(), LCMState(13).Short(), LCMState(-1).String(), HistoryAction(66).String()}
	if diff := cmp.Diff([]string{"7", "13", "-1", "66"}, got); diff != "" {
		t.Errorf("retired numbers (-want +got):\n%s", diff)
	}
}

func TestNamesAreReadBack(t *testing.T) {
	t.Parallel()
	for _, state := range LCMStates() {
		if back, ok := ParseLCMState(state.String()); !ok || back != state {
			t.Errorf("ParseLCMState(%q) = %d, %t; want %d", state.String(), back, ok, state)
		}
	}
	for n := range historyActions {
		action := HistoryAction(n)
		back, ok := ParseHistoryAction(action.String())
		if inUse := historyActions[n].text != ""; ok != inUse || (ok && back != action) {
			t.Errorf("ParseHistoryAction(%q) = %d, %t; want %d, %t", action, back, ok, action, inUse)
		}
	}
}

func TestNamesAreReadLeniently(t *testing.T) {
	t.Parallel()
	if got, ok := ParseImageType("datablock"); !ok || got != ImageTypeDatablock {
		t.Errorf("ParseImageType(datablock) = %v, %t", got, ok)
	}
	if got, ok := ParseDiskType("floppy"); ok || got != DiskNone {
		t.Errorf("ParseDiskType(floppy) = %v, %t; want DiskNone, false", got, ok)
	}
	if got, ok := ParseHistoryAction("disk-snapshot-snap-delete"); !ok || got != ActionDiskSnapshotDelete {
		t.Errorf("ParseHistoryAction(disk-snapshot-snap-delete) = %v, %t", got, ok)
	}
	if _, ok := ParseVMState(""); ok {
		t.Error("ParseVMState took an empty name")
	}
}

func TestVMOperations(t *testing.T) {
	t.Parallel()
	got, err := ParseVMOperations(" Reboot, hold,")
	if err != nil {
		t.Fatal(err)
	}
	want := []HistoryAction{ActionReboot, ActionRebootHard, ActionHold}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("actions (-want +got):\n%s", diff)
	}
	for _, a := range want {
		if !VMOperationsHave(" Reboot, hold,", a) || VMOperationsHave("Reboot, hold, fly", a) || VMOperationsHave("resume", a) || VMOperationsHave("", a) {
			t.Errorf("whether lists have %v is told wrong", a)
		}
	}
	if _, err := ParseVMOperations("fly"); err == nil || err.Error() != "Unknown vm operation: fly" {
		t.Errorf("ParseVMOperations(fly) = %v", err)
	}
}

// TestDefaultOperationsCoverEveryRequest keeps the two lists and the groups
// in step: an action that no default names would need no right at all.
func TestDefaultOperationsCoverEveryRequest(t *testing.T) {
	t.Parallel()
	covered := map[HistoryAction]int{}
	for _, list := range []string{DefaultVMAdminOperations, DefaultVMManageOperations, DefaultVMUseOperations} {
		actions, err := ParseVMOperations(list)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range actions {
			covered[a]++
		}
	}
	own := map[HistoryAction]bool{ActionNone: true, ActionChown: true, ActionChmod: true, ActionMonitor: true}
	for n := range historyActions {
		a := HistoryAction(n)
		inUse := historyActions[n].text != ""
		if inUse && !own[a] && covered[a] != 1 {
			t.Errorf("action %s is in %d of the default groups; want 1", a, covered[a])
		}
	}
}
