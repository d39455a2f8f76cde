package one

// DatastoreState is the STATE of a datastore.
type DatastoreState int

// The states of a datastore. Only a system datastore can be disabled.
const (
	DatastoreReady    DatastoreState = 0
	DatastoreDisabled DatastoreState = 1
)

var datastoreStates = labels{
	DatastoreReady:    {"READY", "on"},
	DatastoreDisabled: {"DISABLED", "off"},
}

// String is the name that messages use, "READY" or "DISABLED".
func (d DatastoreState) String() string { return datastoreStates.name(int(d)) }

// Short is the word that lists show, "on" or "off".
func (d DatastoreState) Short() string { return datastoreStates.short(int(d)) }
