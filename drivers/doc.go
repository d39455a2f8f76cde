// Package drivers holds what the engine asks of the world outside: to run
// machines (vmm), to move their disks (tm), to keep images (datastore), to
// connect them (net) and to look at hosts. A driver is told everything it
// needs in plain values; it never sees the store and decides nothing.
//
// The comments on the interfaces are the contract, and drivertest holds it:
// each call is idempotent (when its goal is met already it answers nil), blocks
// until done or until ctx ends, leaves nothing half-made behind a failure that
// a second call would stumble over, and may be repeated by another process
// after a crash.
package drivers
