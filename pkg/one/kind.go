package one

// Kind is a kind of object. Its value is the bit that names the kind in the
// resource part of an ACL rule.
type Kind uint64

// The kinds of object (include/PoolObjectSQL.h, ObjectType).
const (
	KindVM             Kind = 0x1000000000
	KindHost           Kind = 0x2000000000
	KindNet            Kind = 0x4000000000
	KindImage          Kind = 0x8000000000
	KindUser           Kind = 0x10000000000
	KindTemplate       Kind = 0x20000000000
	KindGroup          Kind = 0x40000000000
	KindACL            Kind = 0x80000000000
	KindDatastore      Kind = 0x100000000000
	KindCluster        Kind = 0x200000000000
	KindDocument       Kind = 0x400000000000
	KindZone           Kind = 0x800000000000
	KindSecGroup       Kind = 0x1000000000000
	KindVDC            Kind = 0x2000000000000
	KindVRouter        Kind = 0x4000000000000
	KindMarketPlace    Kind = 0x8000000000000
	KindMarketPlaceApp Kind = 0x10000000000000
	KindVMGroup        Kind = 0x20000000000000
	KindVNTemplate     Kind = 0x40000000000000
	KindHook           Kind = 0x80000000000000
	KindBackupJob      Kind = 0x100000000000000
)

// kindNames holds, for each kind, the word that authorization messages use and
// the words that other messages use.
var kindNames = map[Kind][2]string{
	KindVM:             {"VM", "virtual machine"},
	KindHost:           {"HOST", "host"},
	KindNet:            {"NET", "virtual network"},
	KindImage:          {"IMAGE", "image"},
	KindUser:           {"USER", "user"},
	KindTemplate:       {"TEMPLATE", "virtual machine template"},
	KindGroup:          {"GROUP", "group"},
	KindACL:            {"ACL", "ACL"},
	KindDatastore:      {"DATASTORE", "datastore"},
	KindCluster:        {"CLUSTER", "cluster"},
	KindDocument:       {"DOCUMENT", "document"},
	KindZone:           {"ZONE", "zone"},
	KindSecGroup:       {"SECGROUP", "security group"},
	KindVDC:            {"VDC", "VDC"},
	KindVRouter:        {"VROUTER", "virtual router"},
	KindMarketPlace:    {"MARKETPLACE", "marketplace"},
	KindMarketPlaceApp: {"MARKETPLACEAPP", "marketplaceapp"},
	KindVMGroup:        {"VMGROUP", "vm group"},
	KindVNTemplate:     {"VNTEMPLATE", "virtual network template"},
	KindHook:           {"HOOK", "hook"},
	KindBackupJob:      {"BACKUPJOB", "backup job"},
}

// String is the word in "Not authorized to perform USE IMAGE [3]".
func (k Kind) String() string { return kindNames[k][0] }

// Text is the words in "Error getting virtual machine [7]."
func (k Kind) Text() string { return kindNames[k][1] }
