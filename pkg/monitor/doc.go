// Package monitor looks at hosts, their VMs and the datastores: at intervals,
// and at once when a driver tells of a change by itself. What it sees goes to
// the rules as observations; samples are kept in memory, a bounded number for
// each object.
package monitor
