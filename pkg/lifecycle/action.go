package lifecycle

import "github.com/renkei-vpe/renkei/pkg/one"

// actions are the names that one.vm.action takes.
var actions = map[string]Event{
	"terminate": Terminate, "terminate-hard": TerminateHard,
	"undeploy": Undeploy, "undeploy-hard": UndeployHard,
	"poweroff": Poweroff, "poweroff-hard": PoweroffHard,
	"suspend": Suspend, "stop": Stop, "resume": Resume,
	"hold": Hold, "release": Release,
	"reboot": Reboot, "reboot-hard": RebootHard,
	"resched": Resched, "unresched": Unresched,
}

// ParseAction finds the event that a name given to one.vm.action stands for.
func ParseAction(name string) (Event, bool) {
	e, ok := actions[name]
	return e, ok
}

// historyActions are the events whose action in history records has another name.
var historyActions = map[Event]one.HistoryAction{
	AttachNICCold:   one.ActionNICAttach,
	DetachNICCold:   one.ActionNICDetach,
	RecoverSuccess:  one.ActionRecover,
	RecoverFailure:  one.ActionRecover,
	RecoverRetry:    one.ActionRetry,
	RecoverDelete:   one.ActionDelete,
	RecoverRecreate: one.ActionDeleteRecreate,
	RecoverDeleteDB: one.ActionDelete,
	SeenPoweroff:    one.ActionMonitor,
	SeenSuspended:   one.ActionMonitor,
}

// Action is the name of the event in ACLs' rights and in history records: it is written into
// the record that is open before the step. Outcomes have none, nor have VMs that monitoring
// loses or finds again.
func (e Event) Action() one.HistoryAction {
	if action, ok := historyActions[e]; ok {
		return action
	}
	action, _ := one.ParseHistoryAction(e.String())
	return action
}
