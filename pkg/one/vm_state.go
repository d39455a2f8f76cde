package one

// VMState is the STATE of a VM: what its owner thinks of it. While it is
// VMActive, the LCMState says more.
type VMState int

// The states of a VM. Number 7 was FAILED once and is never sent.
const (
	VMInit           VMState = 0
	VMPending        VMState = 1
	VMHold           VMState = 2
	VMActive         VMState = 3
	VMStopped        VMState = 4
	VMSuspended      VMState = 5
	VMDone           VMState = 6
	VMPoweroff       VMState = 8
	VMUndeployed     VMState = 9
	VMCloning        VMState = 10
	VMCloningFailure VMState = 11
)

var vmStates = labels{
	VMInit:           {"INIT", "init"},
	VMPending:        {"PENDING", "pend"},
	VMHold:           {"HOLD", "hold"},
	VMActive:         {"ACTIVE", "actv"},
	VMStopped:        {"STOPPED", "stop"},
	VMSuspended:      {"SUSPENDED", "susp"},
	VMDone:           {"DONE", "done"},
	VMPoweroff:       {"POWEROFF", "poff"},
	VMUndeployed:     {"UNDEPLOYED", "unde"},
	VMCloning:        {"CLONING", "clon"},
	VMCloningFailure: {"CLONING_FAILURE", "fail"},
}

// String is the name that messages, hooks and documents use, such as "POWEROFF".
func (s VMState) String() string { return vmStates.name(int(s)) }

// Short is the four letters that lists show, such as "poff".
func (s VMState) Short() string { return vmStates.short(int(s)) }

// ParseVMState finds a state by its name, as hooks give it.
func ParseVMState(name string) (VMState, bool) {
	n, ok := vmStates.find(name)
	return VMState(n), ok
}
