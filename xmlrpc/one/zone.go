package one

import (
	"context"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/zone"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func zoneMethods() []method {
	server := params(pID, xmlrpc.Param{Name: "server template", Type: xmlrpc.String})
	return []method{
		{name: "one.zone.allocate", params: params(pTemplate), do: zoneAllocate},
		{name: "one.zone.delete", params: params(pID), may: on(zone.Kind, one.Admin, 1), do: change(byID(zone.Delete))},
		zones.infoOf("zone"),
		updateOf("zone", zone.Kind, one.Manage),
		renameOf("zone", zone.Kind, one.Manage),
		{
			name: "one.zone.enable", params: params(pID, xmlrpc.Param{Name: "enable", Type: xmlrpc.Bool}),
			may: onOwnZone("Enable/disable mode have to be set through the target zone endpoints"), do: change(zoneEnable),
		},
		{name: "one.zone.addserver", params: server, may: onOwnZone("Servers have to be added through the target zone endpoints"), do: change(zoneAddServer)},
		{name: "one.zone.delserver", params: ints("object id", "server id"), may: onOwnZone(deletedThere), do: change(byIDs(zone.DelServer))},
		{name: "one.zone.resetserver", params: ints("object id", "server id"), may: onOwnZone(deletedThere), do: zoneResetServer},
		{
			name: "one.zone.updatedb", params: params(pID, xmlrpc.Param{Name: "document", Type: xmlrpc.String}),
			may: oneadminOnly(one.KindZone, -1), do: change(zoneUpdateDB),
		},
		{name: "one.zone.raftstatus", may: mayRaft, do: raftStatus},
		zones.poolOf("zonepool"),
	}
}

const deletedThere = "Servers have to be deleted through the target zone endpoints"

var zones = pool[zone.Zone]{kind: zone.Kind, root: "ZONE_POOL", write: render.Zone}

// onOwnZone needs ADMIN of this server's zone. For any other zone it refuses with elsewhere,
// as oned does.
func onOwnZone(elsewhere string) may {
	return func(c *call) ([]acl.Ask, error) {
		if c.Int(1) != zone.LocalID {
			return nil, one.Errorf(one.CodeAction, "%s", elsewhere)
		}
		return askOn(c, zone.Kind, one.Admin, zone.LocalID)
	}
}

// zoneAllocate refuses, as an oned without a federation does.
func zoneAllocate(context.Context, *Server, *call) (any, error) {
	return nil, one.Errorf(one.CodeAllocate, "Error allocating a new zone. New zones can only be created at federation master")
}

func zoneEnable(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(1), zone.Enable(tx, c.Int(1), c.Bool(2))
}

func zoneAddServer(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(1), zone.AddServer(tx, c.Int(1), c.Text(2))
}

// zoneResetServer has nothing to do: there is no log in which another server could have a
// position.
func zoneResetServer(_ context.Context, _ *Server, c *call) (any, error) { return c.Int(1), nil }

func zoneUpdateDB(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(1), zone.Replace(tx, c.Int(1), c.Text(2))
}

// answersWhileDisabled reports whether a method works while the zone is disabled: those that
// only read, and some about the zone itself (Request::zone_disabled).
func answersWhileDisabled(name string) bool {
	noun, verb, _ := strings.Cut(strings.TrimPrefix(name, "one."), ".")
	switch noun {
	case "cluster", "acl":
		return false
	case "system":
		return verb == "version" || verb == "config"
	case "zone":
		return verb != "update" && verb != "rename" && verb != "allocate" && verb != "delete" && !strings.HasSuffix(verb, "server") && verb != "updatedb"
	}
	return verb == "info" || strings.HasSuffix(noun, "pool")
}
