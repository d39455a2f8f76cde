// Package drivers has the interfaces of drivers, which the engine calls: to run VMs (vmm), to
// move their disks (tm), to store images (datastore), to connect NICs (net) and to monitor
// hosts. A driver is given everything it needs as plain values; it never sees the store and
// makes no decisions.
//
// The comments on the interfaces are the contract, which drivertest checks: every call is
// idempotent (it answers nil if its goal is met already, which the comments call "goal met"),
// blocks until it is done or ctx ends, leaves nothing behind after a failure that would make a
// second call fail, and may be repeated by another process after a crash.
package drivers
