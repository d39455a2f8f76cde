package one22

import (
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// In 2.2, oneadmin may do everything. Other users may create VMs, networks and images, do
// what they want with their own, use public ones, deploy on every host, and see everything
// but users. There are no groups and no ACL rules.

// isPublic reports whether everybody may use an object.
func isPublic(h *object.Meta) bool { return h.Perms.Allows(object.Other, one.Use) }

// publish lets everybody use an object, or only its owner.
func publish(h *object.Meta, on bool) {
	const use = object.Perms(4)
	everybody := use<<object.Group | use<<object.Other
	h.Perms &^= everybody
	if on {
		h.Perms |= everybody
	}
}

// owns refuses callers who do not own an object; what is the kind's name in error texts.
func (c *call) owns(h *object.Meta, action, what string) error {
	if c.Caller.IsOneadmin() || c.Caller.UID == h.UID {
		return nil
	}
	return denied(c.Caller.UID, action, what, h.ID)
}

// uses reports whether the caller may use an object.
func (c *call) uses(h *object.Meta) bool {
	return c.Caller.IsOneadmin() || c.Caller.UID == h.UID || isPublic(h)
}

// isOneadmin refuses every caller but oneadmin.
func (c *call) isOneadmin(action, what string, id int) error {
	if c.Caller.IsOneadmin() {
		return nil
	}
	return denied(c.Caller.UID, action, what, id)
}
