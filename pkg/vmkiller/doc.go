// Package vmkiller shuts down VMs of RENKEI-VPE's users that have run for too long,
// but for those of some users. It does by itself what RENKEI-VPE's command of that
// name, which still works, does when cron starts it.
package vmkiller
