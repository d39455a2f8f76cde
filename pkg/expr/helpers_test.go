package expr

// object is an Object for tests.
type object map[string][]string

func (o object) Lookup(path string) []string { return o[path] }

var host = object{
	"NAME":        {"kvm-01.site.org"},
	"ID":          {"7"},
	"HYPERVISOR":  {"kvm"},
	"CLUSTER_ID":  {"100"},
	"CLUSTERS/ID": {"0", "100"},
	"FREE_CPU":    {"350.5"},
	"FREE_MEM":    {"8388608000"},
	"SIZE":        {"10 GB"},
	"WORD":        {"none", "5"},
	"EMPTY":       {""},
	"CURRENT_VMS": {"3", "9"},
}
