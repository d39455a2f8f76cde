// Package placement decides where VMs run. It is a pure function from a
// situation (VMs that wait, hosts, system datastores) to decisions, each with
// its reason; it does not change anything and remembers nothing.
//
// VMs are taken in the order given. Those that ask for the same (requirements
// and rank) form a class: what of it does not change while VMs are placed is
// worked out once, so that thousands of VMs on thousands of hosts take seconds.
package placement
