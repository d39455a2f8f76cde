package user

import (
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Reply is the reply of an authentication driver for a user whom it accepts: "driver name
// secret", then the IDs of the groups, the primary one first, with a star before those that the
// user administers. Drivers may reply with less, and the user stays as he is.
type Reply struct {
	Driver, Name, Secret string
	Groups               []int // in the driver's order
	Admin                []int // those of Groups that he administers
}

// ParseReply parses the reply of a driver.
func ParseReply(text string) (r Reply, err error) {
	words := strings.Fields(text)
	for i, to := range []*string{&r.Driver, &r.Name, &r.Secret} {
		if i < len(words) {
			*to = words[i]
		}
	}
	for _, word := range words[min(3, len(words)):] {
		number, admin := strings.CutPrefix(word, "*")
		gid, err := strconv.Atoi(number)
		if err != nil {
			return r, one.Errorf(one.CodeInternal, "One or more group IDs are malformed")
		}
		r.Groups = append(r.Groups, gid)
		if admin {
			r.Admin = append(r.Admin, gid)
		}
	}
	return r, nil
}

func (r Reply) check(s store.Reader) error {
	for _, gid := range r.Groups {
		if _, err := group.Kind.Get(s, gid); err != nil {
			return one.Errorf(one.CodeInternal, "One or more group IDs do not exist")
		}
	}
	return nil
}

// Follow makes a user a member of exactly the groups in the driver's reply. The primary group
// stays if it is one of them.
func Follow(tx *store.Tx, id int, reply Reply, d Driver) error {
	u, err := Kind.Get(tx, id)
	if err != nil || !d.Groups || len(reply.Groups) == 0 {
		return err
	}
	if err := reply.check(tx); err != nil {
		return err
	}
	for _, gid := range reply.Groups {
		if !u.In(gid) {
			if err := AddGroup(tx, id, gid); err != nil {
				return err
			}
		}
	}
	if !slices.Contains(reply.Groups, u.GID) {
		if err := SetGroup(tx, id, reply.Groups[0]); err != nil {
			return err
		}
	}
	for _, gid := range u.Groups {
		if !slices.Contains(reply.Groups, gid) {
			if err := DelGroup(tx, id, gid); err != nil {
				return err
			}
		}
	}
	return followAdmin(tx, id, reply, d)
}

func followAdmin(tx *store.Tx, id int, reply Reply, d Driver) error {
	if !d.GroupAdmins {
		return nil
	}
	for _, gid := range reply.Groups {
		g, err := group.Kind.Get(tx, gid)
		if err != nil {
			return err
		}
		is, shall := g.IsAdmin(id), slices.Contains(reply.Admin, gid)
		switch {
		case shall && !is:
			err = group.AddAdmin(tx, gid, id, true)
		case is && !shall:
			err = group.DelAdmin(tx, gid, id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Admit makes a user that a driver has accepted and that does not exist yet.
func Admit(tx *store.Tx, reply Reply, secret string, d Driver) (int, error) {
	if err := reply.check(tx); err != nil {
		return -1, err
	}
	groups := reply.Groups
	if len(groups) == 0 {
		groups = []int{one.UsersGroupID}
	}
	id, err := Allocate(tx, &one.Caller{}, New{Name: reply.Name, Secret: secret, AuthDriver: reply.Driver, Groups: groups})
	if err != nil {
		return -1, err
	}
	return id, followAdmin(tx, id, Reply{Groups: groups, Admin: reply.Admin}, d)
}
