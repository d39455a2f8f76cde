// Package setup makes what oned makes at its first start, with its IDs and
// names: users, groups, the cluster, the datastores, the zone, the security
// group and the VDC that clients take for granted.
package setup

import (
	"errors"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vdc"
	"github.com/renkei-vpe/renkei/pkg/zone"
)

// First is what the first start needs to know.
type First struct {
	Users      user.First
	Endpoint   string // URL of the API, for the zone
	Datastores datastore.Settings
}

// Done tells whether a store was set up already.
func Done(r store.Reader) bool { return user.Kind.Table.Len(r) > 0 }

// Run sets an empty store up, in one transaction.
func Run(tx *store.Tx, f First) error {
	group.Setup(tx)
	user.Setup(tx, f.Users)
	cluster.Setup(tx)
	zone.Setup(tx, f.Endpoint)
	secgroup.Setup(tx)
	return errors.Join(acl.Setup(tx), vdc.Setup(tx), datastore.Setup(tx, f.Datastores), market.Setup(tx, market.DefaultSettings()))
}
