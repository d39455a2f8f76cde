package vm

import (
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/secret"
)

// Settings are what the configuration says of VMs, in oned.conf's words.
type Settings struct {
	DevicePrefix    string            // DEFAULT_DEVICE_PREFIX of volatile disks
	Machine         string            // OS/MACHINE of templates that name none
	PCIBus          string            // PCI_PASSTHROUGH_BUS: where in the guest passed-through devices are
	Restricted      object.Restricted // VM_RESTRICTED_ATTR: NAME or NAME/KEY
	SubmitOnHold    bool              // VM_SUBMIT_ON_HOLD
	SnapshotFactor  float64           // VM_SNAPSHOT_FACTOR: part of its disks that a machine's snapshot is taken to need
	OneGateEndpoint string            // ONEGATE_ENDPOINT, for CONTEXT/TOKEN
	AllowETHUpdates bool              // CONTEXT_ALLOW_ETH_UPDATES
	FirstPort       int               // VNC_PORTS/START
	LastPort        int               // what VNC_PORTS/RESERVED leaves
	AdminOps        string            // VM_ADMIN_OPERATIONS
	ManageOps       string            // VM_MANAGE_OPERATIONS
	UseOps          string            // VM_USE_OPERATIONS
	Costs           Costs             // DEFAULT_COST
	Network         network.Settings  // for leases
	Disks           image.Inherited   // from images and datastores
	Secrets         *secret.Vault     // of encrypted attributes
	Drivers         map[string]Driver
}

// Driver is what VM_MAD says of one hypervisor driver.
type Driver struct {
	LiveResize    bool // LIVE_RESIZE: CPU and memory of a running VM
	KeepSnapshots bool // KEEP_SNAPSHOTS: over poweroff and migration
	ColdNICAttach bool // COLD_NIC_ATTACH: told of NICs of a powered-off VM
	Shareable     bool // SUPPORT_SHAREABLE: disks that several VMs write
}

// DefaultSettings is oned.conf as it is delivered.
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

// driver answers what is known of the driver of the VM's present host.
func (s Settings) driver(v *VM) Driver {
	if rec := v.Last(); rec != nil {
		return s.Drivers[rec.VMMad]
	}
	return Driver{}
}
