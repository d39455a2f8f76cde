package one

import "strings"

// MarketState is the STATE of a marketplace.
type MarketState int

// The states of a marketplace.
const (
	MarketEnabled  MarketState = 0
	MarketDisabled MarketState = 1
)

var marketStates = labels{
	MarketEnabled:  {"ENABLED", "on"},
	MarketDisabled: {"DISABLED", "dis"},
}

// String is the name that clients show.
func (m MarketState) String() string { return marketStates.name(int(m)) }

// Short is the few letters that lists show.
func (m MarketState) Short() string { return marketStates.short(int(m)) }

// ParseMarketState finds a state by its name in any case.
func ParseMarketState(name string) (MarketState, bool) {
	n, ok := marketStates.find(strings.ToUpper(name))
	return MarketState(n), ok
}

// AppState is the STATE of an app of a marketplace.
type AppState int

// The states of an app. "Locked" means that its file is being brought to the
// marketplace, which is not the lock of a user.
const (
	AppInit     AppState = 0
	AppReady    AppState = 1
	AppLocked   AppState = 2
	AppError    AppState = 3
	AppDisabled AppState = 4
)

var appStates = labels{
	AppInit:     {"INIT", "init"},
	AppReady:    {"READY", "rdy"},
	AppLocked:   {"LOCKED", "lock"},
	AppError:    {"ERROR", "err"},
	AppDisabled: {"DISABLED", "disa"},
}

// String is the name that clients show.
func (a AppState) String() string { return appStates.name(int(a)) }

// Short is the few letters that lists show.
func (a AppState) Short() string { return appStates.short(int(a)) }

// AppType is the TYPE of an app: what is made of it.
type AppType int

// The types of an app. AppUnknown is what a name becomes that is none of them.
const (
	AppUnknown         AppType = 0
	AppImage           AppType = 1
	AppVMTemplate      AppType = 2
	AppServiceTemplate AppType = 3
)

var appTypes = labels{
	AppUnknown:         {"UNKNOWN", "unk"},
	AppImage:           {"IMAGE", "img"},
	AppVMTemplate:      {"VMTEMPLATE", "tpl"},
	AppServiceTemplate: {"SERVICE_TEMPLATE", "srv"},
}

// String is the name that templates use, such as "VMTEMPLATE".
func (a AppType) String() string { return appTypes.name(int(a)) }

// Short is the three letters that lists show, such as "tpl".
func (a AppType) Short() string { return appTypes.short(int(a)) }

// ParseAppType finds a type by its name in any case.
func ParseAppType(name string) AppType {
	n, _ := appTypes.find(strings.ToUpper(name))
	return AppType(n)
}
