// Package secret keeps attributes that nobody is to read in the store: the
// *_ENCRYPTED_ATTR of oned.conf. They are encrypted where a row is put into its
// table, which all templates pass, whatever call they come by; drivers and
// administrators who ask for it get them decrypted.
package secret

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// Names are attributes that are encrypted: NAME, or NAME/KEY of a vector.
type Names []string

// Keeper is a row with templates that may hold secrets.
type Keeper interface {
	// EachTemplate puts what change makes of each template in its place. What others
	// share with a shallow copy of the row it leaves as it is.
	EachTemplate(change func(attr.Template) attr.Template)
}

// Vault knows the key, and what is encrypted with it. The nil Vault encrypts nothing.
type Vault struct {
	key   Key
	names map[string]Names // by table
}

// NewVault makes a Vault of what is encrypted in each table.
func NewVault(key Key, names map[string]Names) *Vault { return &Vault{key, names} }

// Guards implements store.Guard.
func (v *Vault) Guards(table string) bool { return v != nil && len(v.names[table]) > 0 }

// Seal encrypts what is to be in a row, which is a shallow copy, and tells whether there
// was any. What is encrypted already, as clients send it that read an object and write it
// back, stays as it is. It implements store.Guard.
func (v *Vault) Seal(table string, row any) bool {
	if !v.hasPlain(table, row) { // mostly: nothing is copied then
		return false
	}
	v.change(table, row, func(value string) (string, bool) {
		if _, sealed := v.key.Decrypt(value); sealed {
			return "", false
		}
		return v.key.Encrypt(value), true
	})
	return true
}

// hasPlain tells whether a row holds what is to be encrypted and is not yet.
func (v *Vault) hasPlain(table string, row any) (found bool) {
	v.walk(table, row, func(t attr.Template, names Names) attr.Template {
		each(t, names, func(value string) (string, bool) {
			_, sealed := v.key.Decrypt(value)
			found = found || !sealed
			return "", false
		})
		return t
	})
	return found
}

// Open decrypts what is encrypted in a row, which is the caller's own (a shallow copy
// will do), and tells whether anything was.
func (v *Vault) Open(table string, row any) (opened bool) {
	v.change(table, row, func(value string) (string, bool) {
		plain, ok := v.key.Decrypt(value)
		opened = opened || ok
		return plain, ok
	})
	return opened
}

// change puts other values in the place of those of the encrypted attributes.
func (v *Vault) change(table string, row any, to func(string) (string, bool)) {
	v.walk(table, row, func(t attr.Template, names Names) attr.Template {
		own := t.Clone()
		each(own, names, to)
		return own
	})
}

// walk calls do for each template of a row whose table has encrypted attributes.
func (v *Vault) walk(table string, row any, do func(attr.Template, Names) attr.Template) {
	if !v.Guards(table) {
		return
	}
	if keeper, ok := row.(Keeper); ok {
		keeper.EachTemplate(func(t attr.Template) attr.Template { return do(t, v.names[table]) })
	}
}

// each offers the values of attributes to a function, and takes what it answers. An
// empty value of a vector is none, as for oned.
func each(t attr.Template, names Names, to func(string) (string, bool)) {
	for _, entry := range names {
		name, key, inVector := strings.Cut(entry, "/")
		list := t.Named(name)
		for i := range list {
			switch a := &list[i]; {
			case a.IsVector != inVector:
			case !inVector:
				if value, ok := to(a.Value); ok {
					a.Value = value
				}
			case a.Get(key) != "":
				if value, ok := to(a.Get(key)); ok {
					a.Set(key, value)
				}
			}
		}
	}
}
