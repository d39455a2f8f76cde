// Package monitor monitors hosts, their VMs and datastores: at intervals, and at once when a
// driver reports a change. The rules get what it has seen. A limited number of samples per
// object is kept in memory.
package monitor
