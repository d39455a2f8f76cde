package acl

import (
	"fmt"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Rule is an ACL rule: the users of the user part have the rights on the objects of the
// resource part in the zones of the zone part. The parts are 64-bit words as in OpenNebula.
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

// byUser finds rules by their user part. The keys sort like the numbers.
var byUser = store.NewIndex(func(r *Rule) []string { return []string{userText(r.User)} })

func userText(user uint64) string { return fmt.Sprintf("%016x", user) }

// Ordered lists the rules in oned's order: by user part, then by age.
func Ordered(r store.Reader) []*Rule { return compiled(r).ordered }

// Qualifiers say what the low 32 bits of a part are.
const (
	Individual uint64 = 0x100000000 // #id
	GroupOf    uint64 = 0x200000000 // @gid
	All        uint64 = 0x400000000 // *
	ClusterOf  uint64 = 0x800000000 // %cid

	idMask uint64 = 0xffffffff
)

// Ask is a right that a call needs on an object, or on the kind as a whole if ID is -1.
type Ask struct {
	Right    one.Right
	Kind     one.Kind
	ID       int
	Target   *Target // nil for kinds without owners, and if ID is -1
	Clusters []int   // the clusters the object is in
}
