// Package drivertest holds drivers to their contracts. The engine repeats an
// effect after every crash, so a driver that is careless about a second call
// loses somebody's VM; what the comments in package drivers promise is tried
// here on every driver, simulated and real, with the same tests.
package drivertest
