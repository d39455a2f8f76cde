package acl

import (
	"fmt"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Target is the part of an object that its permissions depend on.
type Target struct {
	UID, GID int
	Perms    object.Perms
	Lock     *object.Lock
	Personal bool // ACL rules for all objects do not apply to it
}

// On is the right to do something to an object.
func On(kind one.Kind, o object.Object, clusters []int, right one.Right) Ask {
	h := o.Head()
	return Ask{
		Right: right, Kind: kind, ID: h.ID, Clusters: clusters,
		Target: &Target{UID: h.UID, GID: h.GID, Perms: h.Perms, Lock: h.Lock, Personal: o.Personal()},
	}
}

// OnKind is a right on a kind of object as a whole.
func OnKind(kind one.Kind, right one.Right) Ask { return Ask{Right: right, Kind: kind, ID: -1} }

// ToCreate is the right to create objects of a kind.
func ToCreate(kind one.Kind) Ask { return OnKind(kind, one.Create) }

// Check returns nil if c has all the rights, and otherwise an error that lists those he lacks.
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

// String names the right in error texts.
func (a Ask) String() string {
	if a.ID < 0 {
		return fmt.Sprintf("%s %s", a.Right.Bits(), a.Kind)
	}
	return fmt.Sprintf("%s %s [%d]", a.Right.Bits(), a.Kind, a.ID)
}

// refusal is the error text for c. Administrators are only refused because of locks
// (AuthRequest::add_auth).
func (a Ask) refusal(c *one.Caller) string {
	if c.IsAdmin() {
		return fmt.Sprintf("%s is locked. [%d]", a.Kind, a.ID)
	}
	return "Not authorized to perform " + a.String()
}

// May reports whether c has a right. A lock refuses everybody. Otherwise administrators have
// all rights, and other users those that the permission bits or ACL rules give.
func May(r store.Reader, c *one.Caller, a Ask) bool {
	if a.Target != nil && a.Target.Lock.Blocks(a.Right) {
		return false
	}
	return c.IsAdmin() || a.byPerms(c) || compiled(r).allow(c, a)
}

// byPerms checks the nine permission bits. Owners also have the rights of their group and of
// others (AclManager::authorize asks user, then group, then other).
func (a Ask) byPerms(c *one.Caller) bool {
	t := a.Target
	if t == nil || a.Right == one.Create {
		return false
	}
	return c.UID == t.UID && t.Perms.Allows(object.Owner, a.Right) ||
		c.In(t.GID) && t.Perms.Allows(object.Group, a.Right) ||
		t.Perms.Allows(object.Other, a.Right)
}
