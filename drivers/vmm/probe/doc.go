// Package probe checks whether a host's KVM is usable. It is not enough that /dev/kvm exists and
// can create a VM: on some machines guests then need minutes for what takes seconds. So a kernel
// is booted, and has to finish in time.
package probe
