// Package libvirt runs VMs on hosts with libvirt and qemu: this machine over
// qemu:///system, others over qemu+ssh. Nothing of ours is installed on them.
//
// Domains are persistent, so that a guest which powered itself off is still
// there to be seen as Off; Destroy, Shutdown and Save take the definition away.
// A domain is called one-<VM ID>, and that name is how a second call, by this
// program or the one after a crash, finds what the first one did.
//
// libvirt calls block and know no context. Each runs in a goroutine of its own
// that the driver waits for in Close; a call whose context ends first answers at
// once, and keeps its VM locked until libvirt has let go of it.
//
// The library is opened when the driver is made (build tag libvirt_dlopen): the
// program starts without it, and says what is missing when a host is used.
package libvirt
