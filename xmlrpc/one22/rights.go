package one22

import (
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// 2.2's rights: oneadmin may everything. Others may create VMs, networks and images,
// do with their own what they want, use what is public, deploy on every host, and
// look at everything but users. There are no groups and no rules.

// isPublic tells whether everybody may use an object.
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

// owns needs the caller to own an object; what names it as texts do.
func (c *call) owns(h *object.Meta, action, what string) error {
	if c.Caller.IsOneadmin() || c.Caller.UID == h.UID {
		return nil
	}
	return denied(c.Caller.UID, action, what, h.ID)
}

// uses tells whether the caller may use an object.
func (c *call) uses(h *object.Meta) bool {
	return c.Caller.IsOneadmin() || c.Caller.UID == h.UID || isPublic(h)
}

// isOneadmin needs the caller to be oneadmin.
func (c *call) isOneadmin(action, what string, id int) error {
	if c.Caller.IsOneadmin() {
		return nil
	}
	return denied(c.Caller.UID, action, what, id)
}
