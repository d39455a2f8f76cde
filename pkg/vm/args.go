package vm

import "strconv"

// Parameters of effects (effect.Effect.Args, VM.Doing). The devices that an effect attaches or
// detaches are already, or still, in the template.
const (
	ArgDisk         = "DISK_ID"
	ArgNIC          = "NIC_ID"
	ArgVNet         = "VNET_ID"       // the network whose NICs are to be updated
	ArgBefore       = "BEFORE"        // earlier attributes of the network: a template with one vector per version
	ArgSnapshot     = "SNAPSHOT_ID"   // a system snapshot or disk snapshot
	ArgHypervisorID = "HYPERVISOR_ID" // the hypervisor's name of the snapshot
	ArgImage        = "IMAGE_ID"      // the image to save a disk to
	ArgSize         = "SIZE"          // new size of the disk in MiB
	ArgVCPU         = "VCPU"          // new number of CPUs
	ArgMemory       = "MEMORY"        // new memory in MiB
	ArgBackup       = "BACKUP"        // name of the backup in its datastore
	ArgDatastore    = "DATASTORE_ID"  // backup datastore
	ArgDisks        = "DISK_IDS"      // disks to back up, such as "0,2"
	ArgFreeze       = "FS_FREEZE"     // how to freeze the guest: NONE, AGENT or SUSPEND
	ArgSince        = "SINCE"         // checkpoint that an increment is based on
	ArgKeep         = "CHECKPOINT"    // checkpoint to create for the next increment
	ArgIncrement    = "INCREMENT_ID"  // increment to restore, -1 for the newest

	// Values from before the change, to be restored if it fails.

	ArgOldCPU    = "OLD_CPU"
	ArgOldVCPU   = "OLD_VCPU"
	ArgOldMemory = "OLD_MEMORY"
	argOldNIC    = "OLD_NIC" // NIC as template text
)

// Results that drivers report (engine.Outcome).
const (
	OutCommand  = "command"       // PID of a command in the guest
	OutDeployID = "deploy_id"     // the hypervisor's name of the domain
	OutSnapshot = "hypervisor_id" // the hypervisor's name of the snapshot
	OutSource   = "source"        // source of a saved image or of a backup
	OutFormat   = "format"
	OutSize     = "size" // MiB
)

// doing returns a parameter of the current effect as a number, or -1.
func (v *VM) doing(key string) int {
	if n, err := strconv.Atoi(v.Doing[key]); err == nil {
		return n
	}
	return -1
}
