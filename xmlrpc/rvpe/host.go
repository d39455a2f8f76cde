package rvpe

import (
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/store"
)

func hostMethods() []method {
	return []method{
		{name: "rvpe.host.ask_id", signature: "string", help: "Retrieve id of the given-named host", do: look(hostAskID)},
		{name: "rvpe.host.enable", signature: "int bool", help: "Enables or disables a host", admin: true, do: change(hostEnable)},
	}
}

func hostAskID(_ *Server, c *call) (any, error) {
	h, ok := host.Kind.Named(c.Snap, c.Text(1), 0)
	if !ok {
		return nil, refuse("Host[%s] is not found. ", c.Text(1))
	}
	return h.ID, nil
}

func hostEnable(tx *store.Tx, _ *Server, c *call) (any, error) {
	if _, ok := host.Kind.Table.Get(tx, store.ID(c.Int(1))); !ok {
		return nil, refuse("[HostEnable] Error getting HOST [%s].", c.Text(1))
	}
	status := host.Disable
	if c.Bool(2) {
		status = host.Enable
	}
	return handedThrough, host.SetStatus(tx, c.Int(1), status)
}
