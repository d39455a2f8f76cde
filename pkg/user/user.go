// Package user is the noun user: who may log in, how he proves it, which
// groups he is in. Sessions are checked here; passwords are kept only hashed.
package user

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// User is a user. Meta.GID and GName are his primary group; Meta.UID is his
// own ID.
type User struct {
	object.Meta
	Groups     []int        `cbor:"10,keyasint"` // all of them, the primary too, in order
	Secret     string       `cbor:"11,keyasint"` // slow hash of the password, or what the auth driver wants
	AuthDriver string       `cbor:"12,keyasint"`
	Enabled    bool         `cbor:"13,keyasint"`
	Tokens     []LoginToken `cbor:"14,keyasint,omitempty"`
	SHA1Secret string       `cbor:"15,keyasint,omitempty"` // slow hash of the SHA-1 of the password; "" lets no such session in
}

// LoginToken is a secret that stands for the password for a time.
type LoginToken struct {
	Token   string `cbor:"1,keyasint"`
	Expires int64  `cbor:"2,keyasint"` // seconds since 1970; -1 never
	EGID    int    `cbor:"3,keyasint"` // the one group it acts in; -1 all of the user's
}

// Clone implements store.Cloner.
func (u *User) Clone() *User {
	c := *u
	c.Meta = u.Meta.Copy()
	c.Groups = slices.Clone(u.Groups)
	c.Tokens = slices.Clone(u.Tokens)
	return &c
}

// ByMembership finds users by the groups they are in.
var ByMembership = store.NewIndex(func(u *User) []string { return store.Texts(u.Groups) })

// nameBans are characters that would break session strings.
const nameBans = " :"

// Kind describes users to the shared verbs.
var Kind = object.Define("user", object.Spec[User]{
	Kind:     one.KindUser,
	Names:    object.NamesGlobal,
	NameBans: nameBans,
	First:    one.ServeradminID + 1,
	Updating: updating,
}, ByMembership)
