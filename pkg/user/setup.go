package user

import (
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// First has the names and secrets of the initial users.
type First struct {
	Oneadmin    string // name; "oneadmin" unless the auth file says otherwise
	Secret      string // oneadmin's; see Secret
	Serveradmin string // serveradmin's key; see ServerKey
}

// Setup makes oneadmin and serveradmin.
func Setup(tx *store.Tx, f First) {
	for _, u := range []*User{
		{Meta: object.Meta{ID: one.OneadminID, Name: f.Oneadmin}, Secret: f.Secret, AuthDriver: DriverCore},
		{Meta: object.Meta{ID: one.ServeradminID, Name: "serveradmin"}, Secret: f.Serveradmin, AuthDriver: DriverServerCipher},
	} {
		u.GID, u.GName, u.Groups, u.Enabled = one.OneadminGroupID, "oneadmin", []int{one.OneadminGroupID}, true
		u.ownHimself()
		u.Template.Set("TOKEN_PASSWORD", randomHex())
		Kind.Put(tx, u)
	}
}
