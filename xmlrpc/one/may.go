package one

import (
	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// may lists the rights that a call needs, according to its arguments. If it fails (an
// object does not exist), the call is refused with that error.
type may func(c *call) ([]acl.Ask, error)

// on needs a right on the object that argument n names.
func on(kind object.Any, right one.Right, n int) may {
	return func(c *call) ([]acl.Ask, error) {
		return askOn(c, kind, right, c.Int(n))
	}
}

// basic is on for calls that check rights before they look for the object: an ID below 0
// stands for the kind as a whole (SharedAPI::basic_authorization).
func basic(kind object.Any, right one.Right, n int) may {
	return func(c *call) ([]acl.Ask, error) { return basicOn(c, kind, right, c.Int(n)) }
}

func basicOn(c *call, kind object.Any, right one.Right, id int) ([]acl.Ask, error) {
	if id < 0 {
		return []acl.Ask{acl.OnKind(kind.ID(), right)}, nil
	}
	return askOn(c, kind, right, id)
}

// onGiven is on for an optional argument: an ID below 0 needs nothing.
func onGiven(kind object.Any, right one.Right, n int) may {
	return func(c *call) ([]acl.Ask, error) {
		if c.Int(n) < 0 {
			return nil, nil
		}
		return askOn(c, kind, right, c.Int(n))
	}
}

// onThere is on for an object that may be gone; then nothing is needed.
func onThere(kind object.Any, right one.Right, n int) may {
	return func(c *call) ([]acl.Ask, error) { return askIfThere(c, kind, right, c.Int(n)), nil }
}

func askIfThere(c *call, kind object.Any, right one.Right, id int) []acl.Ask {
	asks, err := askOn(c, kind, right, id)
	if err != nil {
		return nil
	}
	return asks
}

// create needs the right to create objects of a kind.
func create(kind one.Kind) may {
	return func(*call) ([]acl.Ask, error) { return []acl.Ask{acl.ToCreate(kind)}, nil }
}

// createFrom is create for objects made from the template in argument n, which oned
// parses before it checks rights.
func createFrom(kind one.Kind, n int) may {
	return func(c *call) ([]acl.Ask, error) {
		if _, err := object.ParseTemplate(c.Text(n)); err != nil {
			return nil, err
		}
		return create(kind)(c)
	}
}

// all needs everything that each of the list needs.
func all(list ...may) may {
	return func(c *call) ([]acl.Ask, error) {
		var asks []acl.Ask
		for _, m := range list {
			more, err := m(c)
			if err != nil {
				return nil, err
			}
			asks = append(asks, more...)
		}
		return asks, nil
	}
}

// after needs what first needs, and only then what the other needs: whoever lacks the
// first rights is not told about the others.
func after(first, then may) may {
	return func(c *call) ([]acl.Ask, error) {
		asks, err := first(c)
		if err != nil {
			return nil, err
		}
		if err := acl.Check(c.Snap, c.Caller, asks...); err != nil {
			return nil, err
		}
		return then(c)
	}
}

// unless checks rights only if look does not refuse the call: some checks come before
// rights in oned (docs/adr/0111).
func unless(look func(*call) error, then may) may {
	return func(c *call) ([]acl.Ask, error) {
		if err := look(c); err != nil {
			return nil, err
		}
		return then(c)
	}
}

// membersOnly refuses everybody who is not calling as a member of oneadmin's group: that
// has to be his primary group, or the one that his session is bound to.
func membersOnly(refusal string) may {
	return func(c *call) ([]acl.Ask, error) {
		if c.Caller.GID == one.OneadminGroupID {
			return nil, nil
		}
		return nil, one.Errorf(one.CodeAuthorization, "User [%d] %s.", c.Caller.UID, refusal)
	}
}

// adminsOnly refuses everybody but oneadmin and the members of his group.
func adminsOnly(c *call) ([]acl.Ask, error) {
	if c.Caller.IsAdmin() {
		return nil, nil
	}
	return nil, one.Errorf(one.CodeAuthorization, "User [%d] : %s", c.Caller.UID, "Action reserved for group 0 only.")
}

func askOn(c *call, kind object.Any, right one.Right, id int) ([]acl.Ask, error) {
	o, clusters, err := kind.Look(c.Snap, id)
	if err != nil {
		return nil, err
	}
	return []acl.Ask{acl.On(kind.ID(), o, clusters, right)}, nil
}

// askObject is askOn for an object that has been read already.
func askObject[T any](kind *object.Kind[T], v *T, right one.Right) acl.Ask {
	o, clusters := kind.Of(v)
	return acl.On(kind.ID(), o, clusters, right)
}

// oneadminOnly refuses everybody but the user oneadmin himself; blamed is the ID in the
// refusal.
func oneadminOnly(kind one.Kind, blamed int) may {
	return func(c *call) ([]acl.Ask, error) {
		if c.Caller.IsOneadmin() {
			return nil, nil
		}
		return nil, one.Errorf(one.CodeAuthorization, "User [%d] not authorized to perform action on %s.",
			c.Caller.UID, kind.Text()).At(blamed)
	}
}
