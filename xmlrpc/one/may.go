package one

import (
	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// may lists what a call needs the right for, reading the arguments. Its error
// is answered as it is (an object that is not there).
type may func(c *call) ([]acl.Ask, error)

// on needs a right on the object that argument n names.
func on(kind object.Any, right one.Right, n int) may {
	return func(c *call) ([]acl.Ask, error) {
		return askOn(c, kind, right, c.Int(n))
	}
}

// onGiven is on for an argument that may be left out: below 0 nothing is asked.
func onGiven(kind object.Any, right one.Right, n int) may {
	return func(c *call) ([]acl.Ask, error) {
		if c.Int(n) < 0 {
			return nil, nil
		}
		return askOn(c, kind, right, c.Int(n))
	}
}

// create needs the right to create objects of a kind.
func create(kind one.Kind) may {
	return func(*call) ([]acl.Ask, error) { return []acl.Ask{acl.ToCreate(kind)}, nil }
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
