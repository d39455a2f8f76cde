package one

import "strings"

// Right is what a caller wants to do with an object. Values are the bits of
// the rights part of an ACL rule.
type Right uint8

// The rights (include/AuthRequest.h).
const (
	Use    Right = 1
	Manage Right = 2
	Admin  Right = 4
	Create Right = 8
	// UseNoLock is Use that a lock does not stand against: reading a locked
	// object is always allowed.
	UseNoLock Right = 0x11
	// ManageNoLock is Manage for the call that takes a lock away.
	ManageNoLock Right = 0x12
)

// Bits is the right without the note that locks do not matter.
func (r Right) Bits() Right { return r & 0xf }

// IgnoresLock tells whether a lock on the object matters.
func (r Right) IgnoresLock() bool { return r&0x10 != 0 }

// String is the word of authorization messages, such as "MANAGE".
func (r Right) String() string {
	words := []string{"USE", "MANAGE", "ADMIN", "CREATE"}
	var have []string
	for i, w := range words {
		if r&(1<<i) != 0 {
			have = append(have, w)
		}
	}
	return strings.Join(have, "+")
}
