package rvpe

import (
	"context"
	"strings"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one22"
)

// Server is what the methods need.
type Server struct {
	Store    *store.Store
	Users    Authenticator
	Core     *one22.Server // what RENKEI-VPE stood on
	Files    Files
	Guests   Guests
	Log      zerolog.Logger
	Rules    rvpe.Settings
	HashCost int // of passwords
}

// Authenticator authenticates sessions in OpenNebula 2.2's form.
type Authenticator interface {
	// AuthenticateOld returns the caller that a session of OpenNebula 2.2's form
	// names, to be changed freely, or an error.
	AuthenticateOld(ctx context.Context, session string) (*one.Caller, error)
}

// method is one line of the table of methods.
type method struct {
	name      string // "rvpe.zone.info"
	signature string // as RENKEI-VPE's introspection shows it, without the session
	args      int    // how many there are, without the session; as many as in signature when 0
	help      string
	admin     bool // only for the administrator
	do        func(ctx context.Context, s *Server, c *call) (any, error)
}

// nothing is the value of a method without a result. handedThrough marks a method whose
// answer has no value at all.
const nothing = ""

var handedThrough = struct{}{}

// Methods is the table of methods, ready for an xmlrpc.Registry, in the order in
// which RENKEI-VPE lists them.
func (s *Server) Methods() []xmlrpc.Method {
	var list []xmlrpc.Method
	for _, m := range table() {
		list = append(list, xmlrpc.Method{
			Name: m.name, Help: m.help, Handle: s.handler(m),
			Params:    make([]xmlrpc.Param, m.params()),
			Signature: append([]string{"val", "string"}, m.types()...),
		})
	}
	return list
}

// types lists the arguments as introspection shows them.
func (m method) types() []string { return strings.Fields(m.signature) }

// params is the number of arguments, with the session.
func (m method) params() int {
	if m.args > 0 {
		return m.args + 1
	}
	return len(m.types()) + 1
}

// table lists all methods.
func table() (list []method) {
	for _, part := range [][]method{
		userMethods(), imageMethods(), zoneMethods(), hostMethods(), vnMethods(), leaseMethods(), typeMethods(), vmMethods(), transferMethods(),
	} {
		list = append(list, part...)
	}
	return list
}
