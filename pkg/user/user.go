// Package user implements users: their groups, and how they are authenticated. Passwords are
// stored as hashes only.
package user

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// User is a user. Meta.GID and Meta.GName are the primary group; Meta.UID is the user's own ID.
type User struct {
	object.Meta
	Groups     []int        `cbor:"10,keyasint"` // all groups, including the primary one, in order
	Secret     string       `cbor:"11,keyasint"` // slow hash of the password, or what the authentication driver needs
	AuthDriver string       `cbor:"12,keyasint"`
	Enabled    bool         `cbor:"13,keyasint"`
	Tokens     []LoginToken `cbor:"14,keyasint,omitempty"`
	SHA1Secret string       `cbor:"15,keyasint,omitempty"` // slow hash of the SHA-1 of the password; if "", such sessions are refused
}

// LoginToken can be used instead of the password, for some time.
type LoginToken struct {
	Token   string `cbor:"1,keyasint"`
	Expires int64  `cbor:"2,keyasint"` // seconds since 1970; -1 never
	EGID    int    `cbor:"3,keyasint"` // restricts the session to a group; -1 for all
}

// Clone implements store.Cloner.
func (u *User) Clone() *User {
	c := *u
	c.Meta = u.Meta.Copy()
	c.Groups = slices.Clone(u.Groups)
	c.Tokens = slices.Clone(u.Tokens)
	return &c
}

// ByMembership finds the members of a group.
var ByMembership = store.NewIndex(func(u *User) []string { return store.Texts(u.Groups) })

// nameBans are characters that cannot be part of names, because they separate parts of session
// strings.
const nameBans = " :"

// Kind describes users to the shared verbs.
var Kind = object.Define("user", object.Spec[User]{
	Kind:     one.KindUser,
	Names:    object.NamesGlobal,
	NameBans: nameBans,
	First:    one.ServeradminID + 1,
	Updating: updating,
}, ByMembership)
