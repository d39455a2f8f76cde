// Package probe finds out whether a host's KVM is of use. That /dev/kvm exists,
// opens and makes a VM says little: on some machines a guest then needs minutes
// for what takes seconds. So a kernel is booted, and has to come to its end in
// time.
package probe
