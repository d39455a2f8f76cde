package vm

import (
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/secret"
)

// Settings are the configuration of VMs, by oned.conf's names.
type Settings struct {
	DevicePrefix    string            // DEFAULT_DEVICE_PREFIX, for volatile disks
	Machine         string            // default of OS/MACHINE
	PCIBus          string            // PCI_PASSTHROUGH_BUS: the bus in the guest for PCI devices
	Restricted      object.Restricted // VM_RESTRICTED_ATTR: NAME or NAME/KEY
	SubmitOnHold    bool              // VM_SUBMIT_ON_HOLD
	SnapshotFactor  float64           // VM_SNAPSHOT_FACTOR: estimated size of a system snapshot, as a part of the disks' size
	OneGateEndpoint string            // ONEGATE_ENDPOINT, for CONTEXT/TOKEN
	AllowETHUpdates bool              // CONTEXT_ALLOW_ETH_UPDATES
	FirstPort       int               // VNC_PORTS/START
	LastPort        int               // last port that VNC_PORTS/RESERVED permits
	AdminOps        string            // VM_ADMIN_OPERATIONS
	ManageOps       string            // VM_MANAGE_OPERATIONS
	UseOps          string            // VM_USE_OPERATIONS
	Costs           Costs             // DEFAULT_COST
	Network         network.Settings  // for allocating leases
	Disks           image.Inherited   // attributes that disks inherit from images and datastores
	Secrets         *secret.Vault     // decrypts attributes
	Drivers         map[string]Driver
}

// Driver is the VM_MAD configuration of a hypervisor driver.
type Driver struct {
	LiveResize    bool // LIVE_RESIZE: can resize CPU and memory of a running VM
	KeepSnapshots bool // KEEP_SNAPSHOTS: keeps snapshots during poweroff and migration
	ColdNICAttach bool // COLD_NIC_ATTACH: is called to attach NICs to a powered-off VM
	Shareable     bool // SUPPORT_SHAREABLE: supports disks shared by several VMs
}

// DefaultSettings are those of the default oned.conf.
func DefaultSettings() Settings {
	return Settings{
		DevicePrefix: "sd",
		Machine:      "q35",
		PCIBus:       "0x01",
		Restricted:   defaultRestricted(),
		FirstPort:    5900,
		LastPort:     32767,
		AdminOps:     one.DefaultVMAdminOperations,
		ManageOps:    one.DefaultVMManageOperations,
		UseOps:       one.DefaultVMUseOperations,
		Network:      network.DefaultSettings(),
		Disks:        image.DefaultInherited(),
		Drivers: map[string]Driver{
			"kvm":   {LiveResize: true, KeepSnapshots: true, Shareable: true},
			"qemu":  {LiveResize: true, KeepSnapshots: true, Shareable: true},
			"dummy": {},
		},
	}
}

// driver returns the configuration of the driver of the VM's host.
func (s Settings) driver(v *VM) Driver {
	if rec := v.Last(); rec != nil {
		return s.Drivers[rec.VMMad]
	}
	return Driver{}
}
