package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/zone"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// raftMethods are the calls between the servers of a zone or a federation. This server is
// on its own, keeps no log and follows nobody, so it refuses what others ask.
func raftMethods() []method {
	i8 := func(name string) xmlrpc.Param { return xmlrpc.Param{Name: name, Type: xmlrpc.Int8} }
	i4 := func(name string) xmlrpc.Param { return xmlrpc.Param{Name: name, Type: xmlrpc.Int} }
	sql := xmlrpc.Param{Name: "sql", Type: xmlrpc.String}
	return []method{
		{
			name: "one.zone.replicate",
			params: params(i4("leader id"), i8("leader commit"), i4("leader term"), i8("index"), i4("term"),
				i8("previous index"), i4("previous term"), i8("federation index"), sql),
			may: oneadminOnly(one.KindZone, 0), do: raftReplicate,
		},
		{
			name:   "one.zone.voterequest",
			params: params(i4("candidate term"), i4("candidate id"), i8("log index"), i4("log term")),
			may:    mayVote, do: raftVote,
		},
		{name: "one.zone.fedreplicate", params: params(i8("index"), i8("previous index"), sql), may: oneadminOnly(one.KindZone, -1), do: raftFederate},
	}
}

func mayRaft(c *call) ([]acl.Ask, error) { return askOn(c, zone.Kind, one.Admin, zone.LocalID) }

// raftStatus returns what an oned does that is the only server of its zone.
func raftStatus(context.Context, *Server, *call) (any, error) {
	return "<RAFT><SERVER_ID>-1</SERVER_ID><STATE>0</STATE><TERM>0</TERM><VOTEDFOR>-1</VOTEDFOR>" +
		"<COMMIT>0</COMMIT><LOG_INDEX>-1</LOG_INDEX><LOG_TERM>-1</LOG_TERM>" +
		"<FEDLOG_INDEX>-1</FEDLOG_INDEX></RAFT>", nil
}

// raftReplicate hears a heartbeat and returns its term, which is 0; there is no
// log that a record could go into.
func raftReplicate(_ context.Context, _ *Server, c *call) (any, error) {
	switch {
	case c.Int64(4) == 0 && c.Int64(6) == 0 && c.Int(5) == 0 && c.Int(7) == 0 && c.Text(9) == "":
		return 0, nil
	case c.Text(9) == "":
		return nil, one.Errorf(one.CodeAction, "Empty SQL command in log record").At(0)
	case c.Int64(4) > 0:
		return nil, one.Errorf(one.CodeAction, "Error loading previous log record").At(0)
	}
	return nil, one.Errorf(one.CodeAction, "Error writing log record").At(0)
}

func mayVote(c *call) ([]acl.Ask, error) {
	if c.Int(2) < 0 {
		return nil, one.Errorf(one.CodeInternal, "").At(0)
	}
	return oneadminOnly(one.KindZone, 0)(c)
}

func raftVote(context.Context, *Server, *call) (any, error) {
	return nil, one.Errorf(one.CodeAction, "Candidate's log is outdated").At(0)
}

func raftFederate(_ context.Context, _ *Server, c *call) (any, error) {
	if c.Text(3) == "" {
		return nil, one.Errorf(one.CodeReplication, "Error replicating log entry 18446744073709551615: Received an empty SQL command at index%d.", uint64(c.Int64(1)))
	}
	return nil, one.Errorf(one.CodeReplication, "Error replicating log entry 18446744073709551615: Cannot replicate federate log records on federation master.")
}
