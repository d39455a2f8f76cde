package server

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/renkei-vpe/renkei/xmlrpc"
)

// OwnPath is where the API's listener answers the methods that are Renkei's
// own. They are not at the API's path: there is what OpenNebula has.
const OwnPath = "/renkei"

// Fsck implements the face's Upkeep: it looks through the store while it is
// served. What is seen is one moment of it; a repair is one transaction.
func (s *Server) Fsck(ctx context.Context, repair bool) (any, error) {
	return look(ctx, s.store, repair)
}

// Export implements the face's Upkeep: it writes one moment of the store into a
// new folder on this machine.
func (s *Server) Export(dir string) (rows int, err error) {
	if !filepath.IsAbs(dir) {
		return 0, fmt.Errorf("the folder %q is not absolute: where it would be depends on where the server was started", dir)
	}
	m, err := export(s.config.Data, dir, s.store.Read())
	return m.Total(), err
}

// openOwn puts our own methods on the API's wire.
func (s *Server) openOwn() error {
	r := xmlrpc.New()
	if err := r.Add(s.one.OwnMethods(s)...); err != nil {
		return err
	}
	s.wires[0].server.Routes = append(s.wires[0].server.Routes, xmlrpc.Route{Path: OwnPath, Registry: r})
	return nil
}
