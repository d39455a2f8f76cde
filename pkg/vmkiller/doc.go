// Package vmkiller shuts down VMs of RENKEI-VPE's users that have been running for too long,
// except those of some users. It replaces RENKEI-VPE's cron job of that name, which still works
// with this server, too.
package vmkiller
