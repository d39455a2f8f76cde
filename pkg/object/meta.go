// Package object is what all kinds of object share: an ID, a name, an owner,
// permissions, a lock, a template; and the verbs that work on these alone.
// A kind describes itself once with Define; rename, chmod, chown, lock and
// update are written here, once, for all of them.
package object

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// Meta is the head of every object. Kinds without an owner leave UID and GID 0.
type Meta struct {
	ID       int           `cbor:"1,keyasint"`
	Name     string        `cbor:"2,keyasint"`
	UID      int           `cbor:"3,keyasint,omitempty"`
	GID      int           `cbor:"4,keyasint,omitempty"`
	UName    string        `cbor:"5,keyasint,omitempty"`
	GName    string        `cbor:"6,keyasint,omitempty"`
	Perms    Perms         `cbor:"7,keyasint,omitempty"`
	Lock     *Lock         `cbor:"8,keyasint,omitempty"`
	Template attr.Template `cbor:"9,keyasint,omitempty"`
	// Legacy is what a client of OpenNebula 2.2 said of the object, in its words,
	// or what was imported from there; nil for all others. It is what such clients
	// are shown of the object again.
	Legacy attr.Template `cbor:"-1,keyasint,omitempty"`
}

// Head answers the head itself; it makes every kind an Object.
func (m *Meta) Head() *Meta { return m }

// EachTemplate implements secret.Keeper.
func (m *Meta) EachTemplate(change func(attr.Template) attr.Template) {
	m.Template, m.Legacy = change(m.Template), change(m.Legacy)
}

// Copy answers a copy that shares nothing that can be changed. Kinds call it
// from their Clone.
func (m *Meta) Copy() Meta {
	c := *m
	c.Template, c.Legacy = m.Template.Clone(), m.Legacy.Clone()
	if m.Lock != nil {
		l := *m.Lock
		c.Lock = &l
	}
	return c
}

// Personal is false for most objects.
func (m *Meta) Personal() bool { return false }

// Object is an object of any kind.
type Object interface {
	Head() *Meta
	// Personal tells whether it is one of those that rules for all objects of
	// the kind do not open, but only the ones that name it, or its group.
	Personal() bool
}

// Own makes c the owner, with the permissions that his umask leaves.
func (m *Meta) Own(c *one.Caller) {
	m.UID, m.GID, m.UName, m.GName = c.UID, c.GID, c.UName, c.GName
	m.Perms = PermsFromUmask(c.Umask, c.IsAdmin())
}
