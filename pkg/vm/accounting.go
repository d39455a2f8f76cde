package vm

import (
	"iter"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Account is a VM as it was when a record of its history ended: what it cost
// follows from what it was then, and not from what became of it.
type Account struct {
	VM  VM  `cbor:"1,keyasint"` // without its history
	Seq int `cbor:"2,keyasint"` // of the record
}

// Clone implements store.Cloner.
func (a *Account) Clone() *Account { return &Account{VM: *a.VM.Clone(), Seq: a.Seq} }

// EachTemplate implements secret.Keeper.
func (a *Account) EachTemplate(change func(attr.Template) attr.Template) { a.VM.EachTemplate(change) }

// Accounts is the table of them. Its key is (VM, record).
var Accounts = store.NewTable[Account]("vmaccount")

// settleAccounts keeps what the VM was for each record that ends.
func settleAccounts(tx *store.Tx, was, v *VM) {
	if was == nil {
		return
	}
	for i := range v.History {
		rec := &v.History[i]
		if rec.ETime == 0 || i < len(was.History) && was.History[i].ETime != 0 {
			continue
		}
		kept := was.Clone()
		kept.History, kept.Doing = nil, nil
		Accounts.Put(tx, store.Pair(v.ID, rec.Seq), &Account{VM: *kept, Seq: rec.Seq})
	}
}

// Records walks the history of a VM, and with each record the VM as it was: as
// it is, for one that has not ended.
func Records(r store.Reader, v *VM) iter.Seq2[*History, *VM] {
	return func(yield func(*History, *VM) bool) {
		for i := range v.History {
			rec, then := &v.History[i], v
			if a, ok := Accounts.Get(r, store.Pair(v.ID, rec.Seq)); ok {
				then = &a.VM
			}
			if !yield(rec, then) {
				return
			}
		}
	}
}

// Period is a span of time in seconds since 1970; -1 is no limit.
type Period struct{ Start, End int64 }

// Meets tells whether a record has part in the period.
func (p Period) Meets(rec *History) bool {
	return (p.Start == -1 || rec.ETime > p.Start || rec.ETime == 0) && (p.End == -1 || rec.STime < p.End)
}
