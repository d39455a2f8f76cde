package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/zone"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func zoneMethods() []method {
	return []method{
		zones.infoOf("zone"), zones.poolOf("zonepool"),
		{name: "one.zone.raftstatus", may: mayRaft, do: raftStatus},
	}
}

var zones = pool[zone.Zone]{
	kind: zone.Kind, root: "ZONE_POOL",
	element: func(r store.Reader, row *store.Row[zone.Zone]) []byte { return made(r, row, formInfo, render.Zone) },
}

func mayRaft(c *call) ([]acl.Ask, error) { return askOn(c, zone.Kind, one.Admin, zone.LocalID) }

// raftStatus answers what oned does where no other servers are configured: it
// is alone.
func raftStatus(context.Context, *Server, *call) (any, error) {
	return "<RAFT><SERVER_ID>-1</SERVER_ID><STATE>0</STATE><TERM>0</TERM><VOTEDFOR>-1</VOTEDFOR>" +
		"<COMMIT>0</COMMIT><LOG_INDEX>-1</LOG_INDEX><LOG_TERM>-1</LOG_TERM>" +
		"<FEDLOG_INDEX>-1</FEDLOG_INDEX></RAFT>", nil
}
