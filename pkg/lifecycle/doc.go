// Package lifecycle is the whole life of a VM as one table, so that what a
// request does to a VM can be read on a line and checked by walking the table,
// instead of being spread over the code that talks to hosts.
//
// How to read it: the files steps_*.go hold one block per status, one line per
// event. A line is the status it leads to, the one effect that begins there,
// and the marks: bookkeeping that belongs into the same transaction.
//
//	suspended: {
//		Terminate: {epilog, DoEpilog, EpilogStart},
//		Resume:    {bootSuspended, DoRestore, RenewRecord | RunStart},
//	}
//
// A pair of status and event that has no line is refused. Lines that every
// status of a kind shares (what recover does, which marks follow from where a
// step leads) are laid over the blocks in common.go and settle.go;
// testdata/steps.golden is the table in full.
//
// The names are OpenNebula's, and so are the ways between them
// (src/lcm, src/dm). Where this table knowingly differs:
//
//   - An effect that failed for good while deleting leaves a mark, LeftBehind;
//     deleting waits for the effect instead of saying DONE first.
//   - Terminating or deleting a VM that waits in PENDING after stop or undeploy
//     removes the files that were kept for it.
//   - A running boot is not cut short by monitoring: its own outcome tells.
//   - Retry repeats whatever is under way, in every transient state.
//   - A VM in PROLOG or BOOT may be terminated.
//   - The states of a powered-off VM never count as running in quotas.
//
// # What the caller owes the table
//
// Status is stored whole: State and LCM are what clients see, Detail tells
// apart what they share a number for. A step's status, marks and effect are
// committed together; the effect replaces the one that was under way, whose
// outcome must not be fired any more. After a crash the effect is run again,
// so an effect means "make it so", never "do it once more".
package lifecycle
