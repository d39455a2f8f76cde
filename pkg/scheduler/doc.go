// Package scheduler gives waiting VMs to hosts as soon as something changes
// that could matter: no clock drives it. It shows package placement the newest
// snapshot and carries its decisions out in transactions, which look again
// whether each still holds.
package scheduler
