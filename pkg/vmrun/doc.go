// Package vmrun carries out the effects of VMs: it reads a VM from a snapshot
// of the store and calls the drivers of its host, its disks and its networks.
// What each effect means is one line of the table in ops.go. Nothing is decided
// here, and everything can be done again.
package vmrun
