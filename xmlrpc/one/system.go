package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

func systemMethods() []method {
	return []method{
		{name: "one.system.version", do: systemVersion},
		{name: "one.system.config", do: systemConfig},
		{
			name: "one.system.sql", may: sqlForOneadmin, do: noSQL,
			params: params(xmlrpc.Param{Name: "sql", Type: xmlrpc.String}, xmlrpc.Param{Name: "federated", Type: xmlrpc.Bool}),
		},
		{name: "one.system.sqlquery", may: sqlForOneadmin, do: noSQL, params: params(xmlrpc.Param{Name: "sql", Type: xmlrpc.String})},
	}
}

// systemVersion returns the OpenNebula version that this server claims to be.
func systemVersion(_ context.Context, s *Server, _ *call) (any, error) { return s.Version, nil }

// systemConfig returns the configuration in the form of oned's document. Nothing in it is
// secret, so everybody may see it.
func systemConfig(_ context.Context, s *Server, _ *call) (any, error) {
	return string(s.Config.AppendXML(nil, "OPENNEBULA_CONFIGURATION")), nil
}

// sqlForOneadmin refuses everybody but the user oneadmin; the noun is oned's.
func sqlForOneadmin(c *call) ([]acl.Ask, error) {
	if c.Caller.IsOneadmin() {
		return nil, nil
	}
	return nil, one.Errorf(one.CodeAuthorization, "User [%d] not authorized to perform action on -.", c.Caller.UID)
}

// noSQL refuses: there are no tables that SQL could speak of.
func noSQL(context.Context, *Server, *call) (any, error) {
	return nil, one.Errorf(one.CodeAction, "There is no SQL database behind this server: ask for objects with the info and pool calls")
}
