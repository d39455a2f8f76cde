// Package config is what an administrator may set: one YAML file, decoded
// strictly, with flags and environment over it. Every setting has a default, so
// no file is needed to begin.
package config

import "time"

// Config is all settings.
type Config struct {
	Listen    string    `yaml:"listen"`    // address and port of the API
	Path      string    `yaml:"path"`      // of the API, in the URL
	Data      string    `yaml:"data"`      // folder of everything that is kept
	TLS       TLS       `yaml:"tls"`       // https, when both files are named
	Limits    Limits    `yaml:"limits"`    // what one client may demand
	Version   string    `yaml:"version"`   // the OpenNebula version that clients are told
	Auth      Auth      `yaml:"auth"`      // who is let in
	Scheduler Scheduler `yaml:"scheduler"` // where VMs go
	Engine    Engine    `yaml:"engine"`    // how much is done at once
	Monitor   Monitor   `yaml:"monitor"`   // how often is looked
	Storage   Storage   `yaml:"storage"`   // where disks are
	Network   Network   `yaml:"network"`   // addresses
	Hosts     Hosts     `yaml:"hosts"`     // how hosts are reached
	Libvirt   Libvirt   `yaml:"libvirt"`   // how VMs run
	Dummy     Dummy     `yaml:"dummy"`     // the simulated drivers
	Log       Log       `yaml:"log"`       // what is told
}

// TLS names the files of a certificate and its key, in PEM.
type TLS struct {
	Cert string `yaml:"cert"`
	Key  string `yaml:"key"`
}

// Limits bound what clients may demand.
type Limits struct {
	BodyMiB     int           `yaml:"body_mib"`
	Connections int           `yaml:"connections"`
	CallTimeout time.Duration `yaml:"call_timeout"`
	DrainGrace  time.Duration `yaml:"drain_grace"` // for calls under way when the server stops
}

// Auth is how sessions are checked.
type Auth struct {
	SessionExpiration time.Duration `yaml:"session_expiration"` // how long a checked session is remembered
	HashCost          int           `yaml:"hash_cost"`          // of passwords, bcrypt's logarithm
	Umask             string        `yaml:"umask"`              // octal; what new objects do not get
	OtherPermissions  bool          `yaml:"other_permissions"`  // whether users may open objects to everybody
}

// Scheduler is how VMs are placed.
type Scheduler struct {
	Enabled bool   `yaml:"enabled"` // false leaves VMs pending, for others to deploy
	Policy  string `yaml:"policy"`  // rank of VMs that name none: pack, stripe or load
}

// Engine is how much is done at once.
type Engine struct {
	PerHost  int           `yaml:"per_host"`
	FrontEnd int           `yaml:"front_end"`
	Attempts int           `yaml:"attempts"`
	Pause    time.Duration `yaml:"pause"`
	Shutdown time.Duration `yaml:"shutdown"` // how long a guest may take to power off
}

// Monitor is how often is looked, and what is kept.
type Monitor struct {
	Host      time.Duration `yaml:"host"`
	VM        time.Duration `yaml:"vm"`
	Datastore time.Duration `yaml:"datastore"`
	Samples   int           `yaml:"samples"` // kept for each host and VM
}

// Storage is where disks are.
type Storage struct {
	Location string `yaml:"location"` // folder of the datastores; "" is <data>/datastores
}

// Network is how addresses are made.
type Network struct {
	MACPrefix string `yaml:"mac_prefix"`
}

// Hosts is how hosts are reached.
type Hosts struct {
	SSH []string `yaml:"ssh"` // command; the user's ssh_config holds
}

// Libvirt is how VMs run.
type Libvirt struct {
	Domain      string `yaml:"domain"`       // auto, kvm or qemu; auto asks a boot probe
	URI         string `yaml:"uri"`          // of this machine
	RemoteURI   string `yaml:"remote_uri"`   // of others, {host} for their name; "" is qemu+ssh
	ProbeKernel string `yaml:"probe_kernel"` // booted to see whether KVM works
	Templates   string `yaml:"templates"`    // folder of templates that replace those built in
}

// Dummy is how the simulated drivers behave.
type Dummy struct {
	Delay   time.Duration `yaml:"delay"`       // of each action
	Actions string        `yaml:"actions_dir"` // folder of files, named after an action, that make it fail
}

// Log is what is told.
type Log struct {
	Level  string `yaml:"level"`  // debug, info, warn or error
	Format string `yaml:"format"` // auto, console or json
}

// Default answers the settings that hold where nothing else is said.
func Default() Config {
	return Config{
		Listen:    "127.0.0.1:2633",
		Path:      "/RPC2",
		Data:      "var",
		Limits:    Limits{BodyMiB: 16, Connections: 1024, CallTimeout: 5 * time.Minute, DrainGrace: 10 * time.Second},
		Version:   "7.4.0",
		Auth:      Auth{SessionExpiration: 15 * time.Minute, HashCost: 10, Umask: "177", OtherPermissions: true},
		Scheduler: Scheduler{Enabled: true, Policy: "stripe"},
		Engine:    Engine{PerHost: 16, FrontEnd: 8, Attempts: 4, Pause: 500 * time.Millisecond, Shutdown: 2 * time.Minute},
		Monitor:   Monitor{Host: 30 * time.Second, VM: 10 * time.Second, Datastore: 5 * time.Minute, Samples: 120},
		Network:   Network{MACPrefix: "02:00"},
		Hosts:     Hosts{SSH: []string{"ssh"}},
		Libvirt:   Libvirt{Domain: "auto", URI: "qemu:///system", RemoteURI: ""},
		Log:       Log{Level: "info", Format: "auto"},
	}
}
