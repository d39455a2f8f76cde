package network

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// The operations of one.vn.recover.
const (
	RecoverFailure = 0
	RecoverSuccess = 1
	RecoverDelete  = 2
	RecoverRetry   = 3
)

// recovery is one of the operations: its name, the states it recovers from, and what it does.
type recovery struct {
	name string
	from []one.VNetState
	do   func(tx *store.Tx, n *VNet) error
}

// recoveries are the operations, in order of their codes. No driver works on a network as a
// whole here, so that INIT, LOCK_CREATE and LOCK_DELETE never last longer than a transaction;
// the operations are the same as oned's nevertheless.
var recoveries = []recovery{
	{"failure", []one.VNetState{one.VNetInit, one.VNetLockCreate, one.VNetLockDelete}, takeAsFailed},
	{"success", []one.VNetState{one.VNetInit, one.VNetLockCreate, one.VNetLockDelete, one.VNetError, one.VNetUpdateFailure}, takeAsDone},
	{"delete", []one.VNetState{one.VNetInit, one.VNetLockCreate, one.VNetLockDelete, one.VNetError}, deleteUnused},
	{"retry", []one.VNetState{one.VNetUpdateFailure}, tryAgain},
}

// KnownRecovery refuses an unknown operation. This is checked before anything else.
func KnownRecovery(operation int) error {
	if operation < 0 || operation >= len(recoveries) {
		return refuse("Wrong recovery operation code")
	}
	return nil
}

// Recover serves one.vn.recover. After a retry, the caller must start the updates of VMs.
func Recover(tx *store.Tx, id, operation int) error {
	if err := KnownRecovery(operation); err != nil {
		return err
	}
	n, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	r := recoveries[operation]
	if !slices.Contains(r.from, n.State) {
		return wrong("Could not perform 'recover %s' on VN %d, wrong state %s.", r.name, id, recoveryState(n.State))
	}
	return r.do(tx, n)
}

// recoveryState is the name of a state in error texts: oned has none for UPDATE_FAILURE there.
func recoveryState(s one.VNetState) string {
	if s == one.VNetUpdateFailure {
		return ""
	}
	return s.String()
}

func takeAsFailed(tx *store.Tx, n *VNet) error {
	n.fail(tx.Now, "Failure forced by user")
	Kind.Put(tx, n)
	return nil
}

// takeAsDone treats an operation as successful. VMs whose update failed stay in ERROR_VMS.
func takeAsDone(tx *store.Tx, n *VNet) error {
	if n.State == one.VNetLockDelete {
		return deleteUnused(tx, n)
	}
	n.State = one.VNetReady
	n.Template.Del("ERROR")
	Kind.Put(tx, n)
	moveLags(tx, n.ID, Updated, Outdated)
	return nil
}

func deleteUnused(tx *store.Tx, n *VNet) error {
	if n.Used() > 0 {
		return inUse()
	}
	remove(tx, n)
	return nil
}

func tryAgain(tx *store.Tx, n *VNet) error {
	n.State = one.VNetReady
	Kind.Put(tx, n)
	moveLags(tx, n.ID, Outdated, Updating, Failed)
	return nil
}
