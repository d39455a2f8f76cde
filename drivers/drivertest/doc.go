// Package drivertest checks drivers against their contracts, as the comments in package drivers
// define them. The engine repeats effects after a crash, so a driver that does not support a
// second call would lose VMs. All drivers, simulated and real, have to pass the same tests.
package drivertest
