package one

// HostState is the STATE of a host.
type HostState int

// The states of a host. Clients still map the Monitoring states; we never set them.
const (
	HostInit                HostState = 0
	HostMonitoringMonitored HostState = 1
	HostMonitored           HostState = 2
	HostError               HostState = 3
	HostDisabled            HostState = 4
	HostMonitoringError     HostState = 5
	HostMonitoringInit      HostState = 6
	HostMonitoringDisabled  HostState = 7
	HostOffline             HostState = 8
)

var hostStates = labels{
	HostInit:                {"INIT", "init"},
	HostMonitoringMonitored: {"MONITORING_MONITORED", "update"},
	HostMonitored:           {"MONITORED", "on"},
	HostError:               {"ERROR", "err"},
	HostDisabled:            {"DISABLED", "dsbl"},
	HostMonitoringError:     {"MONITORING_ERROR", "retry"},
	HostMonitoringInit:      {"MONITORING_INIT", "init"},
	HostMonitoringDisabled:  {"MONITORING_DISABLED", "dsbl"},
	HostOffline:             {"OFFLINE", "off"},
}

// String is the name that messages and hooks use, such as "MONITORED".
func (h HostState) String() string { return hostStates.name(int(h)) }

// Short is the few letters that lists show, such as "on".
func (h HostState) Short() string { return hostStates.short(int(h)) }
