package one

import (
	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// These are the verbs that kinds share. noun is the middle of the method's name.

func renameOf(noun string, k object.Any, right one.Right) method {
	return method{
		name: "one." + noun + ".rename", params: params(pID, pName), may: mayRename(k, right),
		do: change(func(tx *store.Tx, _ *Server, c *call) (int, error) {
			return c.Int(1), k.Rename(tx, c.Caller, c.Int(1), c.Text(2))
		}),
	}
}

// mayRename needs only USE if the object already has that name, because nothing changes
// then. oned needs no right at all, which tells everybody what objects are called.
func mayRename(k object.Any, right one.Right) may {
	return func(c *call) ([]acl.Ask, error) {
		o, _, err := k.Look(c.Snap, c.Int(1))
		if err != nil {
			return nil, err
		}
		if o.Head().Name == c.Text(2) {
			return askOn(c, k, one.UseNoLock, c.Int(1))
		}
		return askOn(c, k, right, c.Int(1))
	}
}

func updateOf(noun string, k object.Any, right one.Right) method {
	return method{
		name: "one." + noun + ".update", params: params(pID, pTemplate, pAppend), may: basic(k, right, 1),
		do: updating(func(tx *store.Tx, s *Server, c *call, merge bool) (int, error) {
			return c.Int(1), k.Update(tx, c.Caller, c.Int(1), c.Text(2), merge, s.restricted(k.ID()))
		}),
	}
}

// restricted are the attributes of a kind that only administrators may change. Kinds with
// an update rule of their own know theirs.
func (s *Server) restricted(kind one.Kind) object.Restricted {
	switch kind {
	case one.KindUser, one.KindGroup:
		return s.Restricted[kind]
	case one.KindImage:
		return s.Images.Restricted
	case one.KindTemplate:
		return s.VMs.Restricted
	}
	return nil
}

func chmodOf(noun string, k object.Any) method {
	bits := ints("owner use", "owner manage", "owner admin", "group use", "group manage", "group admin",
		"other use", "other manage", "other admin")
	return method{
		name: "one." + noun + ".chmod", params: append(params(pID), bits...), may: mayChmod(k),
		do: change(func(tx *store.Tx, _ *Server, c *call) (int, error) {
			return c.Int(1), k.Chmod(tx, c.Caller, c.Int(1), chmodBits(c))
		}),
	}
}

// chmodBits reads the nine bits. Values other than -1, 0 and 1 are refused later, by the
// rule, as in oned.
func chmodBits(c *call) (bits [9]int) {
	for i := range bits {
		bits[i] = c.Int(2 + i)
	}
	return bits
}

// mayChmod needs MANAGE, or ADMIN if an admin bit would change.
func mayChmod(k object.Any) may {
	return func(c *call) ([]acl.Ask, error) {
		o, clusters, err := k.Look(c.Snap, c.Int(1))
		if err != nil {
			return nil, err
		}
		bits, perms := chmodBits(c), o.Head().Perms
		if c.Server.ClosedToOthers && !c.Caller.IsAdmin() && opensToOthers(perms, bits) {
			return nil, one.Errorf(one.CodeAuthorization, "User [%d] : 'other' permissions is disabled in oned.conf.", c.Caller.UID)
		}
		return []acl.Ask{acl.On(k.ID(), o, clusters, perms.RightToSet(bits))}, nil
	}
}

// opensToOthers reports whether the permissions of others would change, in either
// direction.
func opensToOthers(perms object.Perms, bits [9]int) bool {
	for i, bit := range []object.Perms{4, 2, 1} {
		if want := bits[6+i]; want != -1 && want != perms.Bit(object.Other, bit) {
			return true
		}
	}
	return false
}

func chownOf(noun string, k object.Any) method {
	return method{
		name:   "one." + noun + ".chown",
		params: append(params(pID), ints("new owner, -1 keep", "new group, -1 keep")...),
		may:    mayChown(k),
		do: change(func(tx *store.Tx, _ *Server, c *call) (int, error) {
			to, err := ownership(tx, c.Int(2), c.Int(3))
			if err != nil {
				return -1, err
			}
			return c.Int(1), k.Chown(tx, c.Caller, c.Int(1), to)
		}),
	}
}

// mayChown needs rights on the object, the new owner and the new group. As in oned these
// are looked for in reverse, and the present owner and group need nothing.
func mayChown(k object.Any) may {
	return func(c *call) ([]acl.Ask, error) {
		to, err := all(onGiven(user.Kind, one.Manage, 2), onGiven(group.Kind, one.Use, 3))(c)
		if err != nil {
			return nil, err
		}
		asks, err := askOn(c, k, one.Manage, c.Int(1))
		if err != nil {
			return nil, err
		}
		for _, ask := range to {
			now := asks[0].Target.UID
			if ask.Kind == one.KindGroup {
				now = asks[0].Target.GID
			}
			if ask.ID != now {
				asks = append(asks, ask)
			}
		}
		return asks, nil
	}
}

// ownership finds the names that go with the IDs.
func ownership(r store.Reader, uid, gid int) (object.Ownership, error) {
	to := object.Ownership{UID: uid, GID: gid}
	if uid >= 0 {
		u, err := user.Kind.Get(r, uid)
		if err != nil {
			return to, err
		}
		to.UName = u.Name
	}
	if gid >= 0 {
		g, err := group.Kind.Get(r, gid)
		if err != nil {
			return to, err
		}
		to.GName = g.Name
	}
	return to, nil
}

// mayClone needs CREATE of the kind and of the original, as in oned (SharedAPI::clone), and
// also USE of the original: whoever may create objects must not read everybody's.
func mayClone(k object.Any, kind one.Kind) may {
	return after(all(on(k, one.Create, 1), create(kind)), on(k, one.UseNoLock, 1))
}

func lockOf(noun string, k object.Any) method {
	return method{
		name: "one." + noun + ".lock",
		params: params(pID,
			xmlrpc.Param{Name: "level: 1 use, 2 manage, 3 admin, 4 all", Type: xmlrpc.Int},
			xmlrpc.Param{Name: "fail if locked already", Type: xmlrpc.Bool, Optional: true, Default: false}),
		may: basic(k, one.ManageNoLock, 1),
		do: change(func(tx *store.Tx, _ *Server, c *call) (int, error) {
			return c.Int(1), k.LockIt(tx, c.Caller, c.Int(1), object.LockLevel(c.Int(2)), c.Bool(3))
		}),
	}
}

func unlockOf(noun string, k object.Any) method {
	return method{
		name: "one." + noun + ".unlock", params: params(pID), may: basic(k, one.ManageNoLock, 1),
		do: change(func(tx *store.Tx, _ *Server, c *call) (int, error) {
			return c.Int(1), k.Unlock(tx, c.Caller, c.Int(1))
		}),
	}
}
