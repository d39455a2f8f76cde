// Package libvirt runs VMs on hosts with libvirt and QEMU: on this machine over qemu:///system,
// on others over qemu+ssh. None of our programs has to be installed there.
//
// Domains are persistent, so that a guest which powered itself off can be seen as Off; Destroy,
// Shutdown and Save undefine them. A domain is called one-<VM ID>; by that name a repeated
// call, by this process or after a crash, finds what the first one has done.
//
// libvirt's calls block and know no context. Each runs in a goroutine for which Close waits; if
// its context ends first, the caller returns at once, and the VM stays locked until libvirt's
// call has ended.
//
// The library is loaded when the driver is first used (build tag libvirt_dlopen): the program
// starts without it, and calls report that it is missing.
package libvirt
