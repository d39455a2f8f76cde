package one

// DatastoreType is the TYPE of a datastore: what is kept in it.
type DatastoreType int

// The types of a datastore.
const (
	DatastoreImage  DatastoreType = 0
	DatastoreSystem DatastoreType = 1
	DatastoreFile   DatastoreType = 2
	DatastoreBackup DatastoreType = 3
)

var datastoreTypes = labels{
	DatastoreImage:  {"IMAGE_DS", "img"},
	DatastoreSystem: {"SYSTEM_DS", "sys"},
	DatastoreFile:   {"FILE_DS", "fil"},
	DatastoreBackup: {"BACKUP_DS", "bck"},
}

// String is the name that templates use, such as "SYSTEM_DS".
func (d DatastoreType) String() string { return datastoreTypes.name(int(d)) }

// Short is the three letters that lists show, such as "sys".
func (d DatastoreType) Short() string { return datastoreTypes.short(int(d)) }
