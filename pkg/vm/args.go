package vm

import "strconv"

// Parameters of effects (effect.Effect.Args, VM.Doing). The devices themselves
// are in the template while an effect is about them.
const (
	ArgDisk         = "DISK_ID"
	ArgNIC          = "NIC_ID"
	ArgVNet         = "VNET_ID"       // the network whose NICs are to be updated
	ArgBefore       = "BEFORE"        // where the network led before: a template with a vector for each time
	ArgSnapshot     = "SNAPSHOT_ID"   // of the machine or of the disk
	ArgHypervisorID = "HYPERVISOR_ID" // the hypervisor's name for the snapshot
	ArgImage        = "IMAGE_ID"      // the image that a disk is saved as
	ArgSize         = "SIZE"          // new size of the disk, MiB
	ArgVCPU         = "VCPU"          // new number of CPUs
	ArgMemory       = "MEMORY"        // new memory, MiB
	ArgBackup       = "BACKUP"        // the backup's name in its datastore
	ArgDatastore    = "DATASTORE_ID"  // of the backup
	ArgDisks        = "DISK_IDS"      // that are saved: "0,2"
	ArgFreeze       = "FS_FREEZE"     // how the guest is to hold still: NONE, AGENT or SUSPEND
	ArgSince        = "SINCE"         // the checkpoint that an increment begins from
	ArgKeep         = "CHECKPOINT"    // the checkpoint to begin, for the next increment
	ArgIncrement    = "INCREMENT_ID"  // of the backup to restore, -1 the newest

	// What stood before, to be put back when the change fails.

	ArgOldCPU    = "OLD_CPU"
	ArgOldVCPU   = "OLD_VCPU"
	ArgOldMemory = "OLD_MEMORY"
	argOldNIC    = "OLD_NIC" // template text of the NIC
)

// Outcomes that drivers report (engine.Outcome).
const (
	OutCommand  = "command"       // the number of a command in the guest
	OutDeployID = "deploy_id"     // the hypervisor's name for the domain
	OutSnapshot = "hypervisor_id" // the hypervisor's name for the snapshot
	OutSource   = "source"        // of the image that a disk was saved as, of a backup
	OutFormat   = "format"
	OutSize     = "size" // MiB
)

// doing answers a parameter of what is under way.
func (v *VM) doing(key string) int {
	if n, err := strconv.Atoi(v.Doing[key]); err == nil {
		return n
	}
	return -1
}
