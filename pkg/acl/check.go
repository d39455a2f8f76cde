package acl

import (
	"fmt"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Target is the part of an object that its permissions are read from.
type Target struct {
	UID, GID int
	Perms    object.Perms
	Lock     *object.Lock
	Personal bool // rules for all objects do not open it
}

// On asks for a right on an object.
func On(kind one.Kind, o object.Object, clusters []int, right one.Right) Ask {
	h := o.Head()
	return Ask{
		Right: right, Kind: kind, ID: h.ID, Clusters: clusters,
		Target: &Target{UID: h.UID, GID: h.GID, Perms: h.Perms, Lock: h.Lock, Personal: o.Personal()},
	}
}

// OnKind asks for a right on a kind as a whole.
func OnKind(kind one.Kind, right one.Right) Ask { return Ask{Right: right, Kind: kind, ID: -1} }

// ToCreate asks to create an object of a kind.
func ToCreate(kind one.Kind) Ask { return OnKind(kind, one.Create) }

// Check answers nil when c may do all that is asked, otherwise an error that
// names each thing he may not.
func Check(r store.Reader, c *one.Caller, asks ...Ask) error {
	var refused []string
	for _, a := range asks {
		if !May(r, c, a) {
			refused = append(refused, a.refusal(c))
		}
	}
	if refused == nil {
		return nil
	}
	return one.Errorf(one.CodeAuthorization, "User [%d] : %s.",
		c.UID, strings.Join(refused, "; "))
}

// String is how messages name what is asked.
func (a Ask) String() string {
	if a.ID < 0 {
		return fmt.Sprintf("%s %s", a.Right.Bits(), a.Kind)
	}
	return fmt.Sprintf("%s %s [%d]", a.Right.Bits(), a.Kind, a.ID)
}

// refusal says why c may not; an administrator may not what a lock stands
// against (AuthRequest::add_auth).
func (a Ask) refusal(c *one.Caller) string {
	if c.IsAdmin() {
		return fmt.Sprintf("%s is locked. [%d]", a.Kind, a.ID)
	}
	return "Not authorized to perform " + a.String()
}

// May tells whether c may do what is asked: nobody may what a lock stands
// against, administrators may all else, and others what the permission bits or
// a rule give.
func May(r store.Reader, c *one.Caller, a Ask) bool {
	if a.Target != nil && a.Target.Lock.Blocks(a.Right) {
		return false
	}
	return c.IsAdmin() || a.byPerms(c) || compiled(r).allow(c, a)
}

// byPerms reads the nine bits; the first class that fits is not the last word:
// an owner has what his group or others have as well (AclManager::authorize
// asks user, then group, then other).
func (a Ask) byPerms(c *one.Caller) bool {
	t := a.Target
	if t == nil || a.Right == one.Create {
		return false
	}
	return c.UID == t.UID && t.Perms.Allows(object.Owner, a.Right) ||
		c.In(t.GID) && t.Perms.Allows(object.Group, a.Right) ||
		t.Perms.Allows(object.Other, a.Right)
}
