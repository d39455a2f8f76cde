package object

import "github.com/renkei-vpe/renkei/pkg/one"

// Lock is set by one.*.lock: it keeps everybody but administrators from what
// its level names and from all that is stronger.
type Lock struct {
	Level LockLevel `cbor:"1,keyasint"`
	Owner int       `cbor:"2,keyasint"`
	Time  int64     `cbor:"3,keyasint"` // seconds since 1970
	ReqID uint64    `cbor:"4,keyasint"`
}

// LockLevel is LOCK/LOCKED. Level 4 (ALL) of the call is stored as LockUse.
type LockLevel int

// The levels: what is kept from others.
const (
	LockUse    LockLevel = 1 // use, manage and admin
	LockManage LockLevel = 2 // manage and admin
	LockAdmin  LockLevel = 3 // admin

	lockAll LockLevel = 4 // of the call alone
)

// Blocks tells whether the lock stands against a right.
func (l *Lock) Blocks(right one.Right) bool {
	if l == nil || right.IgnoresLock() {
		return false
	}
	blocked := one.Create // another one of what is locked
	switch l.Level {
	case LockUse:
		blocked |= one.Use | one.Manage | one.Admin
	case LockManage:
		blocked |= one.Manage | one.Admin
	case LockAdmin:
		blocked |= one.Admin
	}
	return right.Bits()&blocked != 0
}
