package server

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/imagerun"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one22"
)

// newOne22 makes the face of OpenNebula 2.2.
func (s *Server) newOne22(users *user.Service, files *imagerun.Runner, set settings) *one22.Server {
	c := s.config
	return &one22.Server{
		Store: s.store, Users: users, Files: files, Clock: time.Now, Log: s.log,
		Stores: set.stores, Images: set.images, VMs: set.vms, Networks: set.vms.Network, HashCost: c.Auth.HashCost,
		Hypervisors: slices.Sorted(maps.Keys(s.drivers.vmm)), Hypervisor: c.One22.Hypervisor,
		NetworkDriver: c.One22.Network, ContextFiles: c.One22.ContextFiles,
	}
}

// speaksOld tells whether tools of OpenNebula 2.2's time are to be served.
func speaksOld(c config.Config) bool {
	old := func(l config.Listener) bool { return l.Face == "one22" || l.Face == "rvpe" }
	return c.Auth.SHA1Sessions || slices.ContainsFunc(c.Listeners, old)
}

// welcomeOldTools makes what they count on: the folder that users put images into,
// and oneadmin's right to send the SHA-1 of the password that the auth file names.
// Anybody else begins with a password.
func (s *Server) welcomeOldTools(users *user.Service) error {
	if !speaksOld(s.config) {
		return nil
	}
	location, err := s.config.DatastoresDir()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(location, strconv.Itoa(datastore.DefaultID)), 0o777); err != nil {
		return fmt.Errorf("making the folder of images: %w", err)
	}
	text, err := os.ReadFile(s.authFile())
	if err != nil {
		return nil // no auth file, no password to know
	}
	session := strings.TrimSpace(string(text))
	if _, secret, _ := strings.Cut(session, ":"); user.IsSHA1Hex(secret) {
		return nil
	}
	if _, err := users.AuthenticateOld(context.Background(), session); err != nil {
		s.log.Warn().Str("file", s.authFile()).Msg("the auth file has another password than oneadmin: his tools of OpenNebula 2.2 are not let in")
	}
	return nil
}

// todaysMethods are those of the API. Where the settings say so, a session of
// OpenNebula 2.2's form is answered in its dialect.
func (s *Server) todaysMethods() []xmlrpc.Method {
	methods := s.one.Methods()
	if !s.config.Auth.SHA1Sessions {
		return methods
	}
	old := map[string]xmlrpc.Method{}
	for _, m := range s.one22.Methods() {
		old[m.Name] = m
	}
	for i, m := range methods {
		if before, ok := old[m.Name]; ok {
			methods[i].Handle = s.bySession(before.Handle, m.Handle)
			delete(old, m.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(old)) { // what only 2.2 has
		methods = append(methods, old[name])
	}
	return methods
}

// bySession takes a call for one of 2.2's when its session has the SHA-1 of a password
// in it, and that opens.
func (s *Server) bySession(old, today xmlrpc.Handler) xmlrpc.Handler {
	return func(ctx context.Context, c *xmlrpc.Call) (any, error) {
		if len(c.Args) > 0 {
			session, _ := c.Args[0].(string)
			if _, secret, _ := strings.Cut(session, ":"); user.IsSHA1Hex(secret) {
				if _, err := s.one22.Users.AuthenticateOld(ctx, session); err == nil {
					return old(ctx, c)
				}
			}
		}
		return today(ctx, c)
	}
}
