package acl

import (
	"fmt"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Rule is one ACL rule: the user part may do the rights to the resource part
// in the zone part. The parts are OpenNebula's 64-bit words.
type Rule struct {
	ID       int    `cbor:"1,keyasint"`
	User     uint64 `cbor:"2,keyasint"`
	Resource uint64 `cbor:"3,keyasint"`
	Rights   uint64 `cbor:"4,keyasint"`
	Zone     uint64 `cbor:"5,keyasint"`
}

// Clone implements store.Cloner.
func (r *Rule) Clone() *Rule { c := *r; return &c }

// Rules is the table of rules.
var Rules = store.NewTable[Rule]("acl", byUser)

// byUser finds rules by their user part. The texts sort as the numbers do.
var byUser = store.NewIndex(func(r *Rule) []string { return []string{userText(r.User)} })

func userText(user uint64) string { return fmt.Sprintf("%016x", user) }

// Ordered lists the rules as oned does: by user part, and in the order in which
// they were made.
func Ordered(r store.Reader) []*Rule { return compiled(r).ordered }

// Qualifiers of a part: what its low 32 bits name.
const (
	Individual uint64 = 0x100000000 // #id
	GroupOf    uint64 = 0x200000000 // @gid
	All        uint64 = 0x400000000 // *
	ClusterOf  uint64 = 0x800000000 // %cid

	idMask uint64 = 0xffffffff
)

// Ask is one right that a call needs on one object, or, with ID -1, on the
// kind as a whole (to create one).
type Ask struct {
	Right    one.Right
	Kind     one.Kind
	ID       int
	Target   *Target // nil for kinds without owner, and for ID -1
	Clusters []int   // the clusters the object is in
}
