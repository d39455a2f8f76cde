package rvpe

// stateWord is a state in OpenNebula 2.2: its long and its short name.
type stateWord struct{ long, short string }

var (
	vmStates = []stateWord{
		{"INIT", "init"}, {"PENDING", "pend"}, {"HOLD", "hold"}, {"ACTIVE", "actv"},
		{"STOPPED", "stop"}, {"SUSPENDED", "susp"}, {"DONE", "done"}, {"FAILED", "fail"},
	}
	lcmStates = []stateWord{ // of ACTIVE VMs
		{"LCM_INIT", ""}, {"PROLOG", "prol"}, {"BOOT", "boot"}, {"RUNNING", "runn"}, {"MIGRATE", "migr"}, {"SAVE_STOP", "save"},
		{"SAVE_SUSPEND", "save"}, {"SAVE_MIGRATE", "save"}, {"PROLOG_MIGRATE", "migr"}, {"PROLOG_RESUME", "prol"},
		{"EPILOG_STOP", "epil"}, {"EPILOG", "epil"}, {"SHUTDOWN", "shut"}, {"CANCEL", "shut"}, {"FAILURE", "fail"},
		{"CLEANUP", "clea"}, {"UNKNOWN", "unkn"},
	}
	imageStates = []stateWord{{"INIT", "init"}, {"READY", "rdy"}, {"USED", "used"}, {"DISABLED", "disa"}}
	hostStates  = []stateWord{{"INIT", "on"}, {"MONITORING", "on"}, {"MONITORED", "on"}, {"ERROR", "err"}, {"DISABLED", "off"}}
)

// stateOf is the state with the number in an element; invalid numbers have no names.
func stateOf(n *node, tag string, words []stateWord) stateWord {
	if i := n.int(tag); i >= 0 && i < len(words) {
		return words[i]
	}
	return stateWord{}
}

func hostState(n *node) string  { return stateOf(n, "STATE", hostStates).long }
func imageState(n *node) string { return stateOf(n, "STATE", imageStates).short }

// vmState is the short state of a VM: if it is ACTIVE, the LCM state.
func vmState(n *node) string {
	state := stateOf(n, "STATE", vmStates)
	if state.long == "ACTIVE" {
		return stateOf(n, "LCM_STATE", lcmStates).short
	}
	return state.short
}
