package one

import (
	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// actAs takes AS_UID and AS_GID out of a template: whoever instantiates it may give
// the new object to a user and a group that he may manage. It answers the caller on
// whose behalf the rest of the call is done (SharedAPI::as_uid_gid).
func actAs(c *call, t *attr.Template) (*one.Caller, error) {
	as := *c.Caller
	uid, hasUser := t.Int("AS_UID")
	gid, hasGroup := t.Int("AS_GID")
	t.Del("AS_UID")
	t.Del("AS_GID")
	var asks []acl.Ask
	if hasUser && uid != -1 {
		u, err := user.Kind.Get(c.Snap, uid)
		if err != nil {
			return nil, err
		}
		if uid > 0 {
			asks = append(asks, askObject(user.Kind, u, one.Manage))
			as.UID, as.UName = u.ID, u.Name
		}
	}
	if hasGroup && gid != -1 {
		g, err := group.Kind.Get(c.Snap, gid)
		if err != nil {
			return nil, err
		}
		if gid > 0 {
			asks = append(asks, askObject(group.Kind, g, one.Manage))
			as.GID, as.GName, as.Groups = g.ID, g.Name, []int{g.ID}
		}
	}
	return &as, acl.Check(c.Snap, c.Caller, asks...)
}
