package one

// VNetState is the STATE of a virtual network.
type VNetState int

// The states of a virtual network.
const (
	VNetInit          VNetState = 0
	VNetReady         VNetState = 1
	VNetLockCreate    VNetState = 2
	VNetLockDelete    VNetState = 3
	VNetDone          VNetState = 4
	VNetError         VNetState = 5
	VNetUpdateFailure VNetState = 6
)

var vNetStates = labels{
	VNetInit:          {"INIT", "init"},
	VNetReady:         {"READY", "rdy"},
	VNetLockCreate:    {"LOCK_CREATE", "lock"},
	VNetLockDelete:    {"LOCK_DELETE", "lock"},
	VNetDone:          {"DONE", "done"},
	VNetError:         {"ERROR", "err"},
	VNetUpdateFailure: {"UPDATE_FAILURE", "fail"},
}

// String is the name that messages and hooks use, such as "READY".
func (v VNetState) String() string { return vNetStates.name(int(v)) }

// Short is the few letters that lists show, such as "rdy".
func (v VNetState) Short() string { return vNetStates.short(int(v)) }
