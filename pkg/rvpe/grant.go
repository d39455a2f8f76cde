package rvpe

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Allow lets a member run VMs in a zone up to a total weight, and answers that limit; a
// negative one stands for the default of the settings.
func Allow(tx *store.Tx, s Settings, id, zoneID, limit int) (int, error) {
	m, err := editGrants(tx, id, zoneID)
	if err != nil {
		return -1, err
	}
	if limit < 0 {
		limit = s.Limit
	}
	if at := m.grant(zoneID); at >= 0 {
		m.Grants[at].Limit = limit
	} else {
		m.Grants = append(m.Grants, Grant{Zone: zoneID, Limit: limit})
	}
	members.Put(tx, store.ID(id), m)
	return limit, nil
}

// Disallow takes a zone from a member. VMs that run there keep running.
func Disallow(tx *store.Tx, id, zoneID int) error {
	m, err := editGrants(tx, id, zoneID)
	if err != nil {
		return err
	}
	m.drop(tx, zoneID)
	return nil
}

func editGrants(tx *store.Tx, id, zoneID int) (*Member, error) {
	m, err := editMember(tx, id)
	if err != nil {
		return nil, err
	}
	if _, ok := ZoneOf(tx, zoneID); !ok {
		return nil, refuse("Zone[%d] does not exist.", zoneID)
	}
	return m, nil
}

// drop removes a zone from a member's grants.
func (m *Member) drop(tx *store.Tx, zoneID int) {
	m.Grants = slices.DeleteFunc(m.Grants, func(g Grant) bool { return g.Zone == zoneID })
	members.Put(tx, store.ID(m.ID), m)
}

// grant answers the index of the grant for a zone, -1 if there is none.
func (m *Member) grant(zoneID int) int {
	return slices.IndexFunc(m.Grants, func(g Grant) bool { return g.Zone == zoneID })
}

// forgetZone removes a zone from all members.
func forgetZone(tx *store.Tx, zoneID int) {
	for row := range members.All(tx) {
		if row.Val.grant(zoneID) >= 0 {
			row.Val.Clone().drop(tx, zoneID)
		}
	}
}

// Use is the total weight of a member's VMs in a zone. A VM that is being terminated does not
// count; if that fails, it counts again.
func (m *Member) Use(r store.Reader, zoneID int) (weight int) {
	for v := range vm.Living(r, m.UID) {
		if k := machineOfVM(r, v.ID); k != nil && k.ZoneID == zoneID && !ending(v) {
			weight += k.Weight
		}
	}
	return weight
}

// ending tells whether a VM is being terminated.
func ending(v *vm.VM) bool {
	return slices.Contains(endingStates, v.LCM)
}

// endingStates are those in which a VM leaves its host for good.
var endingStates = []one.LCMState{
	one.LCMShutdown, one.LCMEpilog, one.LCMEpilogFailure, one.LCMCleanupDelete,
}
