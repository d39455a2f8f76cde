package one

import "slices"

// The users and groups that always are.
const (
	OneadminID      = 0
	ServeradminID   = 1
	OneadminGroupID = 0
	UsersGroupID    = 1
)

// Caller is who asks, as the session said: a user with his groups. A session
// bound to one group (a login token with an effective group) has just that one.
type Caller struct {
	UID    int
	GID    int // primary, or the session's effective group
	Groups []int
	UName  string
	GName  string
	Umask  int    // octal bits that new objects of his do not get
	ReqID  uint64 // the request, for locks and histories
}

// Oneadmin is the administrator: what the server does by itself it does in his name.
func Oneadmin() *Caller {
	return &Caller{UID: OneadminID, GID: OneadminGroupID, Groups: []int{OneadminGroupID}, UName: "oneadmin", GName: "oneadmin"}
}

// IsOneadmin tells whether this is the user oneadmin himself.
func (c *Caller) IsOneadmin() bool { return c.UID == OneadminID }

// IsAdmin tells whether no permission stands in his way: oneadmin, and the
// members of his group.
func (c *Caller) IsAdmin() bool { return c.UID == OneadminID || c.In(OneadminGroupID) }

// In tells whether he is a member of a group.
func (c *Caller) In(gid int) bool { return slices.Contains(c.Groups, gid) }
