package one

import (
	"context"
	"encoding/json"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// Upkeep is what administrators can ask of a running server beyond OpenNebula's calls.
type Upkeep interface {
	// Fsck checks the store, and with repair mends what it can. The result is answered
	// as JSON.
	Fsck(ctx context.Context, repair bool) (found any, err error)
	// Export writes the store into a new folder on the server's machine and
	// answers how many rows there are.
	Export(dir string) (rows int, err error)
}

// OwnMethods are Renkei's own methods. They take the path of every call, and are served
// at a URL path of their own.
func (s *Server) OwnMethods(u Upkeep) []xmlrpc.Method {
	return s.served([]method{
		{
			name: "renkei.fsck", params: params(xmlrpc.Param{Name: "repair", Type: xmlrpc.Bool}), may: adminsOnly,
			do: func(ctx context.Context, _ *Server, c *call) (any, error) {
				found, err := u.Fsck(ctx, c.Bool(1))
				if err != nil {
					return nil, err
				}
				text, err := json.Marshal(found)
				return string(text), err
			},
		},
		{
			name: "renkei.export", params: params(xmlrpc.Param{Name: "new folder", Type: xmlrpc.String}), may: adminsOnly,
			do: func(_ context.Context, _ *Server, c *call) (any, error) {
				rows, err := u.Export(c.Text(1))
				if err != nil { // about the folder that the caller named, so he may see it
					return nil, one.Errorf(one.CodeAction, "%v", err)
				}
				return rows, nil
			},
		},
	})
}
