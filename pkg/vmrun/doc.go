// Package vmrun carries out the effects of VMs: it reads a VM from a snapshot of the store and
// calls the drivers of its host, its disks and its networks. The table in ops.go has a line for
// each effect. Decisions are made in pkg/lifecycle and pkg/vm, not here, and every operation
// may be repeated.
package vmrun
