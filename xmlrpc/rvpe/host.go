package rvpe

import (
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc/one22"
)

func hostMethods() []method {
	return []method{
		{name: "rvpe.host.pool", help: "Retrieve information about host group", do: look(hostPool)},
		{name: "rvpe.host.ask_id", signature: "string", help: "Retrieve id of the given-named host", do: look(hostAskID)},
		{name: "rvpe.host.info", signature: "int", help: "Retrieve information about the host", do: look(hostInfo)},
		{name: "rvpe.host.enable", signature: "int bool", help: "Enables or disables a host", admin: true, do: change(hostEnable)},
	}
}

// hostPool and hostInfo are OpenNebula 2.2's answers.
func hostPool(_ *Server, c *call) (any, error) {
	return one22.Pool("HOST_POOL", func(yield func([]byte) bool) {
		for row := range host.Kind.Table.All(c.Snap) {
			if !yield(one22.HostPool.Escaped(c.Snap, row)) {
				return
			}
		}
	}), nil
}

func hostAskID(_ *Server, c *call) (any, error) {
	h, ok := host.Kind.Named(c.Snap, c.Text(1), 0)
	if !ok {
		return nil, refuse("Host[%s] is not found. ", c.Text(1))
	}
	return h.ID, nil
}

func hostInfo(_ *Server, c *call) (any, error) {
	row, ok := host.Kind.Table.Row(c.Snap, store.ID(c.Int(1)))
	if !ok {
		return nil, one22.NoSuchHost("HostInfo", c.Int(1))
	}
	return escaped(one22.HostInfo.Escaped(c.Snap, row)), nil
}

func hostEnable(tx *store.Tx, s *Server, c *call) (any, error) {
	_, err := s.Core.Within(tx, c.Caller, "host.enable", c.Int(1), c.Bool(2))
	return handedThrough, err
}
