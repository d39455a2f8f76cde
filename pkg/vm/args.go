package vm

import "strconv"

// Parameters of effects (effect.Effect.Args, VM.Doing). The devices themselves
// are in the template while an effect is about them.
const (
	ArgDisk     = "disk"     // DISK_ID
	ArgNIC      = "nic"      // NIC_ID
	ArgSnapshot = "snapshot" // of the machine or of the disk
	ArgImage    = "image"    // the image that a disk is saved as
	ArgSize     = "size"     // new size of the disk, MiB
	ArgVCPU     = "vcpu"     // new number of CPUs
	ArgMemory   = "memory"   // new memory, MiB

	// What stood before, to be put back when the change fails.

	ArgOldCPU    = "old-cpu"
	ArgOldVCPU   = "old-vcpu"
	ArgOldMemory = "old-memory"
	argOldNIC    = "old-nic" // template text of the NIC
)

// Outcomes that drivers report (engine.Outcome).
const (
	OutDeployID = "deploy_id" // the hypervisor's name for the domain
	OutSnapshot = "snapshot"  // the hypervisor's name for the snapshot
	OutSource   = "source"    // of the image that a disk was saved as
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
