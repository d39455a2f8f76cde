package server

import (
	"path/filepath"
	"slices"
	"time"

	"github.com/renkei-vpe/renkei/pkg/transfer"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vmkiller"
	rvpeface "github.com/renkei-vpe/renkei/xmlrpc/rvpe"
)

// newRVPE makes the API of RENKEI-VPE. It uses that of OpenNebula 2.2, which may put
// RENKEI-VPE's files on context CDs.
func (s *Server) newRVPE(users *user.Service, depot *transfer.Depot, guests *transfer.Guests, set settings) *rvpeface.Server {
	core := *s.one22
	core.ContextFiles = slices.Concat(core.ContextFiles, []string{guests.Scripts, guests.Keys})
	return &rvpeface.Server{
		Store: s.store, Users: users, Core: &core, Files: depot, Guests: guests, Log: s.log,
		Rules: set.rvpe, HashCost: s.config.Auth.HashCost,
	}
}

// newKiller makes the worker that shuts down VMs which have run for too long.
func (s *Server) newKiller() *vmkiller.Worker {
	set := s.config.RVPE.Killer
	if set.Exceptions == "" {
		set.Exceptions = filepath.Join(s.rvpeHome(), "etc", "vmkiller_exceptions")
	}
	return &vmkiller.Worker{
		Store: s.store, Core: s.one22, Life: set.After, Every: set.Every, Exceptions: set.Exceptions, Clock: time.Now, Log: s.log,
	}
}

// guests are RENKEI-VPE's context files.
func (s *Server) guests() *transfer.Guests {
	home := s.rvpeHome()
	return &transfer.Guests{Scripts: filepath.Join(home, "share", "vmscripts"), Keys: filepath.Join(home, "var", "keys")}
}

// rvpeHome is the folder that RENKEI-VPE calls RVPE_LOCATION.
func (s *Server) rvpeHome() string { return s.folder(s.config.RVPE.Location, "rvpe") }
