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

// newOne22 makes the API of OpenNebula 2.2.
func (s *Server) newOne22(users *user.Service, files *imagerun.Runner, set settings) *one22.Server {
	c := s.config
	return &one22.Server{
		Store: s.store, Users: users, Files: files, Clock: time.Now, Log: s.log,
		Stores: set.stores, Images: set.images, VMs: set.vms, Networks: set.vms.Network, HashCost: c.Auth.HashCost,
		Hypervisors: slices.Sorted(maps.Keys(s.drivers.vmm)), Hypervisor: c.One22.Hypervisor,
		NetworkDriver: c.One22.Network, ContextFiles: c.One22.ContextFiles,
	}
}

// serves22 tells whether clients of OpenNebula 2.2 are served.
func serves22(c config.Config) bool {
	old := func(l config.Listener) bool { return l.Face == "one22" || l.Face == "rvpe" }
	return c.Auth.SHA1Sessions || slices.ContainsFunc(c.Listeners, old)
}

// prepare22 makes what clients of 2.2 need: the folder in which users put images, and a login
// for oneadmin with the SHA-1 of the password in the auth file. Other users can log in that way
// after they have used their password once.
func (s *Server) prepare22(users *user.Service) error {
	if !serves22(s.config) {
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
		return nil // without an auth file the password is not known
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

// methodsOf74 are the methods of the 7.4 API. If the settings say so, calls with a session as
// in OpenNebula 2.2 are answered in that version's format.
func (s *Server) methodsOf74() []xmlrpc.Method {
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
	for _, name := range slices.Sorted(maps.Keys(old)) { // methods that only 2.2 has
		methods = append(methods, old[name])
	}
	return methods
}

// bySession passes calls to 2.2's API if their session has the SHA-1 of the user's password,
// and is valid.
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
