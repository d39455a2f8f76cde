// Package config is what an administrator may set: one YAML file, decoded
// strictly, with flags and environment over it. Every setting has a default, so
// no file is needed to begin.
package config

import "time"

// Config is all settings.
type Config struct {
	Listen    string     `yaml:"listen"`    // address and port of the API
	Path      string     `yaml:"path"`      // path of the API, in the URL
	Listeners []Listener `yaml:"listeners"` // further listeners, see below
	Data      string     `yaml:"data"`      // folder of everything that is kept
	TLS       TLS        `yaml:"tls"`       // https, when both files are named
	Limits    Limits     `yaml:"limits"`    // what one client may demand
	Version   string     `yaml:"version"`   // the OpenNebula version that clients are told
	Auth      Auth       `yaml:"auth"`      // who is let in
	Rights    Rights     `yaml:"rights"`    // what needs more than to own something
	Secrets   Secrets    `yaml:"secrets"`   // what is encrypted
	One22     One22      `yaml:"one22"`     // for OpenNebula 2.2's tools
	Scheduler Scheduler  `yaml:"scheduler"` // where VMs go
	Engine    Engine     `yaml:"engine"`    // how much is done at once
	Monitor   Monitor    `yaml:"monitor"`   // how often is looked
	Storage   Storage    `yaml:"storage"`   // where disks are
	Network   Network    `yaml:"network"`   // addresses
	Hosts     Hosts      `yaml:"hosts"`     // how hosts are reached
	Libvirt   Libvirt    `yaml:"libvirt"`   // how VMs run
	Dummy     Dummy      `yaml:"dummy"`     // the simulated drivers
	RVPE      RVPE       `yaml:"rvpe"`      // RENKEI-VPE's part; its listener is one of listeners, with the face rvpe
	Hooks     Hooks      `yaml:"hooks"`     // commands that run when something happens
	Events    Events     `yaml:"events"`    // the event bus
	Log       Log        `yaml:"log"`       // what is told
}

// Listener is one more place where the server answers, in one dialect.
type Listener struct {
	Face   string   `yaml:"face"`   // dialect that is spoken there: one (7.4's), one22 (OpenNebula 2.2's) or rvpe
	Listen string   `yaml:"listen"` // address and port; "" is the face's own on 127.0.0.1. Several may share one, and the API's
	Paths  []string `yaml:"paths"`  // paths in the URL, "*" for all; none are the face's own
	TLS    bool     `yaml:"tls"`    // https, with the API's certificate; an address shared with the API is as the API is
}

// TLS names the files of a certificate and its key, in PEM.
type TLS struct {
	Cert string `yaml:"cert"` // file of the certificate
	Key  string `yaml:"key"`  // file of its key
}

// Limits bound what clients may demand.
type Limits struct {
	BodyMiB     int           `yaml:"body_mib"`     // largest call, in MiB
	Connections int           `yaml:"connections"`  // connections at once
	CallTimeout time.Duration `yaml:"call_timeout"` // how long one call may take
	DrainGrace  time.Duration `yaml:"drain_grace"`  // how long calls under way may take when the server stops
}

// Auth is how sessions are checked.
type Auth struct {
	SHA1Sessions      bool          `yaml:"sha1_sessions"`      // whether the API takes sessions of OpenNebula 2.2's form, and answers them in its dialect
	SessionExpiration time.Duration `yaml:"session_expiration"` // how long a checked session is remembered
	HashCost          int           `yaml:"hash_cost"`          // cost of hashing passwords, bcrypt's logarithm
	Umask             string        `yaml:"umask"`              // octal; what new objects do not get
	OtherPermissions  bool          `yaml:"other_permissions"`  // whether users may open objects to everybody
	Dir               string        `yaml:"dir"`                // folder of the authentication drivers: for each a folder with a program called authenticate; "" is <data>/remotes/auth
	Authn             []string      `yaml:"authn"`              // drivers of the folder that may be used; none are all
	Default           string        `yaml:"default"`            // driver that is asked for users whom nobody knows, and makes them; "" is none
	Timeout           time.Duration `yaml:"timeout"`            // how long a driver may take
	Concurrency       int           `yaml:"concurrency"`        // drivers that are asked at once
	Drivers           []AuthDriver  `yaml:"drivers"`            // how the users of drivers are treated, see below
}

// AuthDriver is how the users of an authentication driver are treated, instead of as the
// default for its name says.
type AuthDriver struct {
	Name           string `yaml:"name"`                       // what AUTH_DRIVER of its users says
	PasswordChange bool   `yaml:"password_change"`            // whether users may change their own password
	NoPassword     bool   `yaml:"no_password"`                // whether users can be made without a password
	Groups         bool   `yaml:"driver_managed_groups"`      // whether the driver says at each login which groups a user is in; nobody else may then
	GroupAdmins    bool   `yaml:"driver_managed_group_admin"` // and which of them he administers
	MaxTokenTime   int    `yaml:"max_token_time"`             // seconds that a login token may last; 0 is any time, -1 forbids tokens
}

// Rights are what administrators keep for themselves. A list that is not given is
// oned.conf's; ["-"] is none at all.
type Rights struct {
	VMAdmin         string   `yaml:"vm_admin_operations"`    // operations on VMs that need ADMIN, with commas; "" are oned.conf's
	VMManage        string   `yaml:"vm_manage_operations"`   // those that need MANAGE
	VMUse           string   `yaml:"vm_use_operations"`      // those that need USE only
	VMRestricted    []string `yaml:"vm_restricted_attr"`     // attributes of VMs and their templates that only administrators may set: NAME, or NAME/KEY of a vector; none are oned.conf's, ["-"] is nothing
	ImageRestricted []string `yaml:"image_restricted_attr"`  // the same of images
	VNetRestricted  []string `yaml:"vnet_restricted_attr"`   // of networks and their templates
	UserRestricted  []string `yaml:"user_restricted_attr"`   // of users
	GroupRestricted []string `yaml:"group_restricted_attr"`  // of groups
	VNetInherit     []string `yaml:"inherit_vnet_attr"`      // attributes of networks that cards of VMs take over; none are oned.conf's, ["-"] is nothing
	ImageInherit    []string `yaml:"inherit_image_attr"`     // attributes of images that disks of VMs take over; none are oned.conf's, ["-"] is nothing
	DSInherit       []string `yaml:"inherit_datastore_attr"` // attributes of datastores that they take over
}

// Secrets are the attributes that are encrypted in the store, and shown in plain only to
// administrators who ask for it: NAME, or NAME/KEY of a vector. A list that is not given
// is oned.conf's; ["-"] is none at all.
type Secrets struct {
	VM        []string `yaml:"vm_encrypted_attr"`        // of VMs and their templates; none are CONTEXT/PASSWORD and ONEAPP_ONEKS_CLUSTER_SPEC, ["-"] is nothing
	Document  []string `yaml:"document_encrypted_attr"`  // of documents; none are PROVISION_BODY
	User      []string `yaml:"user_encrypted_attr"`      // of users; none are SSH_PRIVATE_KEY and SSH_PASSPHRASE
	Datastore []string `yaml:"datastore_encrypted_attr"` // of datastores; none are RESTIC_PASSWORD, NETAPP_PASS and PUREFA_API_TOKEN
	Cluster   []string `yaml:"cluster_encrypted_attr"`   // of clusters; there are none, as for the following
	Host      []string `yaml:"host_encrypted_attr"`      // of hosts
	Image     []string `yaml:"image_encrypted_attr"`     // of images
	VNet      []string `yaml:"vnet_encrypted_attr"`      // of networks, their templates, and their address ranges (AR/KEY)
}

// One22 is what tools of OpenNebula 2.2 are told, and may do.
type One22 struct {
	Hypervisor   string   `yaml:"hypervisor"`    // driver of hosts that they register with a VM_MAD that is none of ours
	Network      string   `yaml:"network"`       // driver of networks that they make
	ContextFiles []string `yaml:"context_files"` // folders of this machine whose files everybody may put on the CD of a VM
}

// Scheduler is how VMs are placed.
type Scheduler struct {
	Enabled bool   `yaml:"enabled"` // false leaves VMs pending, for others to deploy
	Policy  string `yaml:"policy"`  // rank of VMs that name none: pack, stripe or load

	// Plans of clusters (ONE_DRS).
	PlanEvery       time.Duration `yaml:"plan_every"`        // between two plans of a cluster whose AUTOMATION makes them; 0 is never
	PlanTimeout     time.Duration `yaml:"plan_timeout"`      // how long one move may take
	MovesPerHost    int           `yaml:"moves_per_host"`    // moves of a plan to one host at once
	MovesPerCluster int           `yaml:"moves_per_cluster"` // moves of a plan at once
}

// Engine is how much is done at once.
type Engine struct {
	PerHost  int           `yaml:"per_host"`  // effects under way on one host
	Shared   int           `yaml:"shared"`    // effects under way on all hosts together, beyond the first of each; 0 is no limit
	FrontEnd int           `yaml:"front_end"` // effects under way on the front end: copies of images
	Attempts int           `yaml:"attempts"`  // tries of what may pass by itself, such as a host that does not answer
	Pause    time.Duration `yaml:"pause"`     // pause before the second try; it doubles from try to try
	Shutdown time.Duration `yaml:"shutdown"`  // how long a guest may take to power off
}

// Monitor is how often is looked, and what is kept.
type Monitor struct {
	Host      time.Duration `yaml:"host"`      // time between two looks at a host
	VM        time.Duration `yaml:"vm"`        // between two looks at the VMs of a host
	Datastore time.Duration `yaml:"datastore"` // between two looks at a datastore
	Market    time.Duration `yaml:"market"`    // between two looks at a marketplace
	Samples   int           `yaml:"samples"`   // samples kept for each host and VM
}

// Storage is where disks are.
type Storage struct {
	Location string `yaml:"location"` // folder of the datastores; "" is <data>/datastores
}

// Network is how addresses are made.
type Network struct {
	MACPrefix string `yaml:"mac_prefix"` // first two bytes of the addresses that are made up
}

// Hosts is how hosts are reached.
type Hosts struct {
	SSH []string `yaml:"ssh"` // command that reaches hosts; the user's ssh_config holds
}

// Libvirt is how VMs run.
type Libvirt struct {
	Domain      string   `yaml:"domain"`       // auto, kvm or qemu; auto asks a boot probe
	URI         string   `yaml:"uri"`          // libvirt of this machine
	RemoteURI   string   `yaml:"remote_uri"`   // libvirt of others, {host} for their name; "" is qemu+ssh
	Machine     string   `yaml:"machine"`      // machine type of VMs that name none (OS/MACHINE); "" leaves it to the host
	ProbeKernel string   `yaml:"probe_kernel"` // kernel that is booted to see whether KVM works
	Templates   string   `yaml:"templates"`    // folder of templates that replace those built in
	PCI         []string `yaml:"pci"`          // devices of hosts that VMs may be given, as vendor:device:class in hexadecimal; a part may be empty
}

// Dummy is how the simulated drivers behave.
type Dummy struct {
	Delay   time.Duration `yaml:"delay"`       // time that each simulated action takes
	Actions string        `yaml:"actions_dir"` // folder of files, named after an action, that make it fail
	PCI     []string      `yaml:"pci"`         // devices of each simulated host, as vendor:device:class in hexadecimal
	NUMA    DummyNUMA     `yaml:"numa"`        // NUMA nodes of each simulated host, on which VMs can be bound to CPUs; none without
}

// DummyNUMA is the processors of a simulated host.
type DummyNUMA struct {
	Nodes   int `yaml:"nodes"`   // how many
	Cores   int `yaml:"cores"`   // of each node
	Threads int `yaml:"threads"` // of each core
}

// RVPE is RENKEI-VPE's part.
type RVPE struct {
	Location     string        `yaml:"location"`      // folder with share/vmscripts, the scripts of guests, and var; "" is <data>/rvpe
	UserLimit    int           `yaml:"user_limit"`    // quota of a user in a zone when none is given
	ImageMaxGiB  int           `yaml:"image_max_gib"` // largest virtual size of an image, in GiB
	ChunkKiB     int           `yaml:"chunk_kib"`     // what one call of a transfer carries
	TransferLife time.Duration `yaml:"transfer_life"` // how long a transfer may take
	Killer       Killer        `yaml:"killer"`        // ends VMs that run for too long, as vmkiller does
}

// Killer ends VMs of RENKEI-VPE's users that run for too long.
type Killer struct {
	After      time.Duration `yaml:"after"`      // how long VMs of RENKEI-VPE's users may run before they are shut down; 0 is for ever
	Every      time.Duration `yaml:"every"`      // between two looks for VMs that have run for too long
	Exceptions string        `yaml:"exceptions"` // file of users whose VMs may run on, a name a line; "" is etc/vmkiller_exceptions in rvpe.location
}

// Hooks are commands that run when something happens.
type Hooks struct {
	Dir          string        `yaml:"dir"`           // folder of the commands; "" is <data>/remotes/hooks
	RemoteDir    string        `yaml:"remote_dir"`    // the same on hosts, for hooks that are REMOTE
	Concurrency  int           `yaml:"concurrency"`   // hooks that run at once
	Timeout      time.Duration `yaml:"timeout"`       // how long one may run that has no TIMEOUT; 0 is for ever
	LogRetention int           `yaml:"log_retention"` // runs of each hook that are kept
}

// Events is the event bus: what happens, for OneFlow, Sunstone and others.
type Events struct {
	Enabled bool   `yaml:"enabled"` // whether there is one
	Listen  string `yaml:"listen"`  // address and port, for ZeroMQ's subscribers
}

// Log is what is told.
type Log struct {
	Level  string `yaml:"level"`  // debug, info, warn or error
	Format string `yaml:"format"` // auto, console or json
}

// Default answers the settings that hold where nothing else is said.
func Default() Config {
	return Config{
		Listen:  "127.0.0.1:2633",
		Path:    "/RPC2",
		Data:    "var",
		Limits:  Limits{BodyMiB: 16, Connections: 1024, CallTimeout: 5 * time.Minute, DrainGrace: 10 * time.Second},
		Version: "7.4.0",
		Auth:    Auth{SessionExpiration: 15 * time.Minute, HashCost: 10, Umask: "177", OtherPermissions: true, Timeout: 30 * time.Second, Concurrency: 15},
		One22:   One22{Hypervisor: "kvm", Network: "bridge"},
		Scheduler: Scheduler{
			Enabled: true, Policy: "stripe",
			PlanEvery: 10 * time.Minute, PlanTimeout: 5 * time.Minute, MovesPerHost: 1, MovesPerCluster: 30,
		},
		Engine:  Engine{PerHost: 16, Shared: 256, FrontEnd: 8, Attempts: 4, Pause: 500 * time.Millisecond, Shutdown: 2 * time.Minute},
		Monitor: Monitor{Host: 30 * time.Second, VM: 10 * time.Second, Datastore: 5 * time.Minute, Market: 10 * time.Minute, Samples: 120},
		Network: Network{MACPrefix: "02:00"},
		Hosts:   Hosts{SSH: []string{"ssh"}},
		Libvirt: Libvirt{Domain: "auto", URI: "qemu:///system", Machine: "q35"},
		Hooks:   Hooks{RemoteDir: "/var/tmp/one/hooks", Concurrency: 10, Timeout: time.Hour, LogRetention: 20},
		Events:  Events{Enabled: true, Listen: "127.0.0.1:2101"},
		RVPE:    RVPE{UserLimit: 1, ImageMaxGiB: 100, ChunkKiB: 4096, TransferLife: 24 * time.Hour, Killer: Killer{Every: 10 * time.Minute}},
		Log:     Log{Level: "info", Format: "auto"},
	}
}
