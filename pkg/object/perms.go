package object

import "github.com/renkei-vpe/renkei/pkg/one"

// Perms is the nine permission bits of an object, as an octal number would
// write them: owner, group, other; use 4, manage 2, admin 1.
type Perms uint16

// Bits of one class, before they are shifted to owner, group or other.
const (
	permAdmin  Perms = 1
	permManage Perms = 2
	permUse    Perms = 4
)

// Classes of caller, by how far their bits are shifted.
const (
	Owner uint = 6
	Group uint = 3
	Other uint = 0
)

// PermsFromUmask is what a new object gets: use and manage for all but the
// bits in umask; admin bits only for administrators (PoolObjectSQL set_umask).
func PermsFromUmask(umask int, admin bool) Perms {
	open := Perms(0o666)
	if admin {
		open = 0o777
	}
	return open &^ Perms(umask)
}

// Allows tells whether a class of caller has a right.
func (p Perms) Allows(class uint, right one.Right) bool {
	var need Perms
	if right&one.Use != 0 {
		need |= permUse
	}
	if right&one.Manage != 0 {
		need |= permManage
	}
	if right&one.Admin != 0 {
		need |= permAdmin
	}
	have := p >> class & 7
	return need != 0 && have&need == need
}

// Bit answers one bit for PERMISSIONS: use 4, manage 2, admin 1 of a class.
func (p Perms) Bit(class uint, bit Perms) int { return int(p >> class & bit / bit) }

// RightToSet is the right that setting bits needs, as Chmod takes them: an admin
// bit is changed by those who have that right.
func (p Perms) RightToSet(bits [9]int) one.Right {
	for i, class := range []uint{Owner, Group, Other} {
		if want := bits[3*i+2]; want != -1 && want != p.Bit(class, 1) {
			return one.Admin
		}
	}
	return one.Manage
}
