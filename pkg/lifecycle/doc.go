// Package lifecycle is the life of a VM as one table, so that what a request does to a VM can be
// read on one line, and tests can check all of it, instead of the rules being spread over the
// code that talks to hosts.
//
// The files steps_*.go hold one block per status, with one line per event: the status it leads
// to, the one effect that begins there, and marks, which are bookkeeping in the same transaction.
//
//	suspended: {
//		Terminate: {epilog, DoEpilog, EpilogStart},
//		Resume:    {bootSuspended, DoRestore, RenewRecord | RunStart},
//	}
//
// Pairs of a status and an event without a line are refused. Lines that many statuses share (what
// recover does, which marks follow from the new status) are added in common.go and settle.go;
// testdata/steps.golden has the complete table.
//
// The names and the transitions are OpenNebula's (src/lcm, src/dm), with these deliberate
// differences:
//
//   - When the cleanup of a deleted VM fails for good, the mark LeftBehind says so; the VM is
//     DONE only after the cleanup, not before it.
//   - Terminating or deleting a VM that is PENDING after stop or undeploy also deletes its files
//     at the front end.
//   - What monitoring sees does not end BOOT; the outcome of the boot does.
//   - Retry repeats the current effect in every transient state.
//   - A VM in PROLOG or BOOT can be terminated.
//   - States of a powered-off VM never count in RUNNING_ quotas.
//
// # Rules for callers
//
// Status is stored as it is: clients see State and LCM, and Detail distinguishes statuses that
// share their numbers. A step's status, marks and effect are committed together. The effect
// replaces the current one, whose outcome must not be fired any more. After a crash, effects run
// again, so they have to be idempotent.
package lifecycle
