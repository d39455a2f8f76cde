// Package config has the settings: a strictly decoded YAML file, then the environment, then
// flags; later ones override earlier ones. Every setting has a default, so that no file is
// required.
package config

import "time"

// Config is all settings.
type Config struct {
	Listen    string     `yaml:"listen"`    // address and port of the API
	Path      string     `yaml:"path"`      // path of the API, in the URL
	Listeners []Listener `yaml:"listeners"` // further listeners, see below
	Data      string     `yaml:"data"`      // folder of all data
	TLS       TLS        `yaml:"tls"`       // https, when both files are named
	Limits    Limits     `yaml:"limits"`    // what clients may ask for
	Version   string     `yaml:"version"`   // the OpenNebula version that clients are told
	Auth      Auth       `yaml:"auth"`      // who may log in
	Rights    Rights     `yaml:"rights"`    // what only administrators may do
	Quotas    Quotas     `yaml:"quotas"`    // what may be limited
	Secrets   Secrets    `yaml:"secrets"`   // what is encrypted
	Context   Context    `yaml:"context"`   // what guests are told
	One22     One22      `yaml:"one22"`     // for OpenNebula 2.2's tools
	Scheduler Scheduler  `yaml:"scheduler"` // where VMs go
	Engine    Engine     `yaml:"engine"`    // how much is done at once
	Monitor   Monitor    `yaml:"monitor"`   // how often things are monitored
	Markets   Markets    `yaml:"markets"`   // where public marketplaces are
	Storage   Storage    `yaml:"storage"`   // where disks are
	Network   Network    `yaml:"network"`   // addresses
	Hosts     Hosts      `yaml:"hosts"`     // how hosts are reached
	Libvirt   Libvirt    `yaml:"libvirt"`   // how VMs run
	Dummy     Dummy      `yaml:"dummy"`     // the simulated drivers
	RVPE      RVPE       `yaml:"rvpe"`      // RENKEI-VPE's part; its listener is one of listeners, with the face rvpe
	Hooks     Hooks      `yaml:"hooks"`     // commands that run when something happens
	Events    Events     `yaml:"events"`    // the event bus
	Log       Log        `yaml:"log"`       // what is logged
}

// Listener is one more place where the server answers, in one dialect.
type Listener struct {
	Face   string   `yaml:"face"`   // dialect spoken there: one (7.4's), one22 (OpenNebula 2.2's) or rvpe
	Listen string   `yaml:"listen"` // address and port; "" means the face's own on 127.0.0.1. Listeners may share an address, including the API's
	Paths  []string `yaml:"paths"`  // paths in the URL, "*" for all; an empty list means the face's own
	TLS    bool     `yaml:"tls"`    // https, with the API's certificate; on an address shared with the API, the API's setting applies
}

// TLS names the files of a certificate and its key, in PEM.
type TLS struct {
	Cert string `yaml:"cert"` // file of the certificate
	Key  string `yaml:"key"`  // file of its key
}

// Limits bound what clients may ask for.
type Limits struct {
	BodyMiB     int           `yaml:"body_mib"`     // largest request, in MiB
	Connections int           `yaml:"connections"`  // simultaneous connections
	CallTimeout time.Duration `yaml:"call_timeout"` // how long one call may take
	DrainGrace  time.Duration `yaml:"drain_grace"`  // how long calls under way may take when the server stops
}

// Auth is how sessions are checked.
type Auth struct {
	SHA1Sessions      bool          `yaml:"sha1_sessions"`      // whether the API accepts sessions in OpenNebula 2.2's form, and answers them in its dialect
	SessionExpiration time.Duration `yaml:"session_expiration"` // how long a successful login is remembered
	HashCost          int           `yaml:"hash_cost"`          // cost of hashing passwords (bcrypt)
	Umask             string        `yaml:"umask"`              // octal; the permissions that new objects do not get
	OtherPermissions  bool          `yaml:"other_permissions"`  // whether users may give permissions on their objects to everybody (ENABLE_OTHER_PERMISSIONS)
	Dir               string        `yaml:"dir"`                // folder of the authentication drivers, which are programs DIR/NAME/authenticate; "" means remotes/auth in the data folder
	Authn             []string      `yaml:"authn"`              // drivers in that folder that may be used; an empty list means all
	Default           string        `yaml:"default"`            // driver that is asked about unknown users, and creates them; "" means none
	Timeout           time.Duration `yaml:"timeout"`            // how long a driver may take
	Concurrency       int           `yaml:"concurrency"`        // authentication drivers that run at once
	Drivers           []AuthDriver  `yaml:"drivers"`            // how the users of each driver are treated, see below
}

// AuthDriver is how the users of an authentication driver are treated. It replaces the
// default for that name.
type AuthDriver struct {
	Name           string `yaml:"name"`                       // the AUTH_DRIVER of its users
	PasswordChange bool   `yaml:"password_change"`            // whether users may change their own password
	NoPassword     bool   `yaml:"no_password"`                // whether users can be created without a password
	Groups         bool   `yaml:"driver_managed_groups"`      // whether the driver determines the groups of a user at each login; nobody else can then
	GroupAdmins    bool   `yaml:"driver_managed_group_admin"` // whether it also determines which of them the user administers
	MaxTokenTime   int    `yaml:"max_token_time"`             // how many seconds a login token may last; 0 means any time, -1 forbids tokens
}

// Rights are what only administrators may do. An empty list means oned.conf's; ["-"]
// means none.
type Rights struct {
	VMAdmin         string   `yaml:"vm_admin_operations"`    // operations on VMs that need ADMIN, separated by commas; "" means oned.conf's
	VMManage        string   `yaml:"vm_manage_operations"`   // operations on VMs that need MANAGE
	VMUse           string   `yaml:"vm_use_operations"`      // operations on VMs that need only USE
	VMRestricted    []string `yaml:"vm_restricted_attr"`     // attributes of VMs and VM templates that only administrators may set: NAME, or NAME/KEY in a vector; an empty list means oned.conf's, ["-"] means none
	ImageRestricted []string `yaml:"image_restricted_attr"`  // the same for images
	VNetRestricted  []string `yaml:"vnet_restricted_attr"`   // for networks and network templates
	UserRestricted  []string `yaml:"user_restricted_attr"`   // for users
	GroupRestricted []string `yaml:"group_restricted_attr"`  // for groups
	VNetInherit     []string `yaml:"inherit_vnet_attr"`      // attributes that NICs inherit from their network; an empty list means oned.conf's, ["-"] means none
	ImageInherit    []string `yaml:"inherit_image_attr"`     // attributes that disks inherit from their image
	DSInherit       []string `yaml:"inherit_datastore_attr"` // attributes that disks inherit from their datastore
}

// Quotas is what may be limited.
type Quotas struct {
	VMAttribute []string `yaml:"vm_attribute"` // numeric attributes of VMs or their user templates that quotas count, too, such as VCPU (QUOTA_VM_ATTRIBUTE); only administrators may set them
}

// Secrets are the attributes that are encrypted in the store, and shown in plain only to
// administrators who ask for it: NAME, or NAME/KEY in a vector. An empty list means
// oned.conf's; ["-"] means none.
type Secrets struct {
	VM        []string `yaml:"vm_encrypted_attr"`        // attributes of VMs and VM templates that are encrypted in the store; an empty list means CONTEXT/PASSWORD and ONEAPP_ONEKS_CLUSTER_SPEC, ["-"] means none
	Document  []string `yaml:"document_encrypted_attr"`  // of documents; an empty list means PROVISION_BODY
	User      []string `yaml:"user_encrypted_attr"`      // of users; an empty list means SSH_PRIVATE_KEY and SSH_PASSPHRASE
	Datastore []string `yaml:"datastore_encrypted_attr"` // of datastores; an empty list means RESTIC_PASSWORD, NETAPP_PASS and PUREFA_API_TOKEN
	Cluster   []string `yaml:"cluster_encrypted_attr"`   // of clusters; an empty list means none, also for the following
	Host      []string `yaml:"host_encrypted_attr"`      // of hosts
	Image     []string `yaml:"image_encrypted_attr"`     // of images
	VNet      []string `yaml:"vnet_encrypted_attr"`      // of networks, network templates and address ranges (AR/KEY)
}

// Context is what guests are told by their context CD.
type Context struct {
	RestrictedDirs []string `yaml:"restricted_dirs"`   // folders on this machine whose files CONTEXT/FILES must not name, whoever writes it (CONTEXT_RESTRICTED_DIRS)
	SafeDirs       []string `yaml:"safe_dirs"`         // folders within these whose files it may name (CONTEXT_SAFE_DIRS)
	ETHUpdates     bool     `yaml:"allow_eth_updates"` // whether one.vm.updateconf may change ETH* variables (CONTEXT_ALLOW_ETH_UPDATES)
}

// One22 is what tools of OpenNebula 2.2 get and may do.
type One22 struct {
	Hypervisor   string   `yaml:"hypervisor"`    // driver of hosts that 2.2's tools register with a VM_MAD that Renkei does not have
	Network      string   `yaml:"network"`       // driver of networks that 2.2's tools create
	ContextFiles []string `yaml:"context_files"` // folders on this machine whose files every user may put on the context CD of a VM
}

// Scheduler is how VMs are placed.
type Scheduler struct {
	Enabled bool   `yaml:"enabled"` // whether VMs are placed; false leaves them pending, for others to deploy
	Policy  string `yaml:"policy"`  // rank of VMs that have none: pack, stripe or load

	// Plans of clusters (ONE_DRS).
	PlanEvery       time.Duration `yaml:"plan_every"`        // time between two plans of a cluster whose AUTOMATION asks for them; 0 means never
	PlanTimeout     time.Duration `yaml:"plan_timeout"`      // how long one move of a plan may take
	MovesPerHost    int           `yaml:"moves_per_host"`    // simultaneous moves of a plan to one host
	MovesPerCluster int           `yaml:"moves_per_cluster"` // simultaneous moves of a plan
}

// Engine is how much is done at once.
type Engine struct {
	PerHost  int           `yaml:"per_host"`  // effects under way on one host
	Shared   int           `yaml:"shared"`    // effects under way on all hosts together, beyond the first of each; 0 means no limit
	FrontEnd int           `yaml:"front_end"` // effects under way on the front end, such as copies of images
	Attempts int           `yaml:"attempts"`  // attempts at what may fail temporarily, such as reaching a host
	Pause    time.Duration `yaml:"pause"`     // pause before the second attempt; it doubles each time
	Shutdown time.Duration `yaml:"shutdown"`  // how long a guest may take to power off
}

// Monitor is how often things are monitored, and how much is kept.
type Monitor struct {
	Host      time.Duration `yaml:"host"`      // interval at which a host is monitored
	VM        time.Duration `yaml:"vm"`        // interval for the VMs of a host
	Datastore time.Duration `yaml:"datastore"` // interval for a datastore
	Market    time.Duration `yaml:"market"`    // interval for a marketplace
	Samples   int           `yaml:"samples"`   // samples kept for each host and each VM
}

// Markets is where the public marketplaces are that have no ENDPOINT of their own: those
// that every installation has from its first start on.
type Markets struct {
	One             string `yaml:"one"`             // URL of marketplaces with the driver one that have no ENDPOINT; "" means that nobody asks for their apps
	LinuxContainers string `yaml:"linuxcontainers"` // the same for the driver linuxcontainers
}

// Storage is where disks are.
type Storage struct {
	Location string `yaml:"location"` // folder of the datastores; "" means datastores in the data folder
}

// Network is how addresses are generated, and how hosts connect VMs.
type Network struct {
	MACPrefix string   `yaml:"mac_prefix"`   // first two bytes of generated MAC addresses
	Drivers   []string `yaml:"drivers"`      // drivers that networks may name as VN_MAD
	Conf      string   `yaml:"conf"`         // default CONF of networks, such as "vxlan_mtu=1450,vxlan_ttl=8", see below
	LinkConf  string   `yaml:"ip_link_conf"` // default IP_LINK_CONF of networks, such as "dstport=4789,nolearning="
}

// Hosts is how hosts are reached.
type Hosts struct {
	SSH []string `yaml:"ssh"` // command that reaches hosts; the user's ssh_config applies
}

// Libvirt is how VMs run.
type Libvirt struct {
	Domain      string   `yaml:"domain"`       // auto, kvm or qemu; auto boots a kernel to find out whether KVM works
	URI         string   `yaml:"uri"`          // libvirt on this machine
	RemoteURI   string   `yaml:"remote_uri"`   // libvirt on other hosts, with {host} for the host's name; "" means qemu+ssh
	MigrateURI  string   `yaml:"migrate_uri"`  // where the memory of migrating VMs is sent, with {host} for the other host's name; "" means tcp
	Machine     string   `yaml:"machine"`      // machine type of VMs that have no OS/MACHINE; "" leaves it to the host
	ProbeKernel string   `yaml:"probe_kernel"` // kernel that is booted to test KVM
	Templates   string   `yaml:"templates"`    // folder of domain templates that replace the built-in ones
	PCI         []string `yaml:"pci"`          // devices of hosts that VMs may use, as vendor:device:class in hexadecimal; any part may be empty
}

// Dummy is how the simulated drivers behave.
type Dummy struct {
	Delay   time.Duration `yaml:"delay"`       // duration of each simulated action
	Actions string        `yaml:"actions_dir"` // folder of files, each named after an action that is to fail
	PCI     []string      `yaml:"pci"`         // devices of each simulated host, as vendor:device:class in hexadecimal
	NUMA    DummyNUMA     `yaml:"numa"`        // NUMA nodes of each simulated host, so that VMs can be pinned to CPUs
}

// DummyNUMA is the processors of a simulated host.
type DummyNUMA struct {
	Nodes   int `yaml:"nodes"`   // NUMA nodes of each simulated host; 0 means that it has none
	Cores   int `yaml:"cores"`   // cores of each node
	Threads int `yaml:"threads"` // threads of each core
}

// RVPE is RENKEI-VPE's part.
type RVPE struct {
	Location     string        `yaml:"location"`      // folder with share/vmscripts, the scripts for guests, and var; "" means rvpe in the data folder
	UserLimit    int           `yaml:"user_limit"`    // a user's quota in a zone when none is given
	ImageMaxGiB  int           `yaml:"image_max_gib"` // largest virtual size of an image, in GiB
	ChunkKiB     int           `yaml:"chunk_kib"`     // data in one call of a transfer, in KiB
	TransferLife time.Duration `yaml:"transfer_life"` // how long a transfer may take
	Killer       Killer        `yaml:"killer"`        // ends VMs that run for too long, as vmkiller does
}

// Killer ends VMs of RENKEI-VPE's users that run for too long.
type Killer struct {
	After      time.Duration `yaml:"after"`      // how long VMs of RENKEI-VPE's users may run before they are shut down; 0 means for ever
	Every      time.Duration `yaml:"every"`      // time between two looks for such VMs
	Exceptions string        `yaml:"exceptions"` // file of users whose VMs are spared, one name per line; "" means etc/vmkiller_exceptions in rvpe.location
}

// Hooks are commands that run when something happens.
type Hooks struct {
	Dir          string        `yaml:"dir"`           // folder of the commands that hooks run; "" means remotes/hooks in the data folder
	RemoteDir    string        `yaml:"remote_dir"`    // folder of the commands on hosts, for REMOTE hooks
	Concurrency  int           `yaml:"concurrency"`   // hooks that run at once
	Timeout      time.Duration `yaml:"timeout"`       // how long a hook without TIMEOUT may run; 0 means for ever
	LogRetention int           `yaml:"log_retention"` // runs kept in the log of each hook
}

// Events is the event bus: what happens, for OneFlow, Sunstone and others.
type Events struct {
	Enabled bool   `yaml:"enabled"` // whether events are published
	Listen  string `yaml:"listen"`  // address and port for ZeroMQ subscribers
}

// Log is what is logged, and how.
type Log struct {
	Level  string `yaml:"level"`  // debug, info, warn or error
	Format string `yaml:"format"` // auto, console or json
}

// Default returns the settings that apply unless others are given.
func Default() Config {
	return Config{
		Listen:  "127.0.0.1:2633",
		Path:    "/RPC2",
		Data:    "var",
		Limits:  Limits{BodyMiB: 16, Connections: 1024, CallTimeout: 5 * time.Minute, DrainGrace: 10 * time.Second},
		Version: "7.4.0",
		Auth:    Auth{SessionExpiration: 15 * time.Minute, HashCost: 10, Umask: "177", OtherPermissions: true, Timeout: 30 * time.Second, Concurrency: 15},
		Context: Context{RestrictedDirs: []string{"/etc"}},
		One22:   One22{Hypervisor: "kvm", Network: "bridge"},
		Scheduler: Scheduler{
			Enabled: true, Policy: "stripe",
			PlanEvery: 10 * time.Minute, PlanTimeout: 5 * time.Minute, MovesPerHost: 1, MovesPerCluster: 30,
		},
		Engine:  Engine{PerHost: 16, Shared: 256, FrontEnd: 8, Attempts: 4, Pause: 500 * time.Millisecond, Shutdown: 2 * time.Minute},
		Monitor: Monitor{Host: 30 * time.Second, VM: 10 * time.Second, Datastore: 5 * time.Minute, Market: 10 * time.Minute, Samples: 120},
		Markets: Markets{One: "https://marketplace.opennebula.io/", LinuxContainers: "https://images.linuxcontainers.org/"},
		Network: Network{MACPrefix: "02:00", Drivers: NetworkDrivers()},
		Hosts:   Hosts{SSH: []string{"ssh"}},
		Libvirt: Libvirt{Domain: "auto", URI: "qemu:///system", Machine: "q35"},
		Hooks:   Hooks{RemoteDir: "/var/tmp/one/hooks", Concurrency: 10, Timeout: time.Hour, LogRetention: 20},
		Events:  Events{Enabled: true, Listen: "127.0.0.1:2101"},
		RVPE:    RVPE{UserLimit: 1, ImageMaxGiB: 100, ChunkKiB: 4096, TransferLife: 24 * time.Hour, Killer: Killer{Every: 10 * time.Minute}},
		Log:     Log{Level: "info", Format: "auto"},
	}
}
