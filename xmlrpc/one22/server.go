package one22

import (
	"context"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// Server is what the methods need.
type Server struct {
	Store *store.Store
	Users Authenticator
	Files ImageFiles
	Clock func() time.Time
	Log   zerolog.Logger

	Stores   datastore.Settings
	Images   image.Settings
	VMs      vm.Settings
	Networks network.Settings
	HashCost int // of passwords

	Hypervisors   []string // drivers that hosts may be registered with
	Hypervisor    string   // the one of hosts whose VM_MAD is none of those
	NetworkDriver string   // of networks that are made here
	ContextFiles  []string // folders that everybody's CONTEXT/FILES may name files of
}

// Authenticator authenticates sessions in 2.2's form.
type Authenticator interface {
	AuthenticateOld(ctx context.Context, session string) (*one.Caller, error)
}

// ImageFiles looks at the files of images, which 2.2's users put into place themselves.
type ImageFiles interface {
	// Find returns format and size of an image's file, or nothing if the datastore's
	// driver cannot tell.
	Find(ctx context.Context, snap *store.Snap, imageID int) (image.File, error)
}

// Methods is the table of methods, ready for an xmlrpc.Registry.
func (s *Server) Methods() []xmlrpc.Method {
	var list []xmlrpc.Method
	for _, m := range table() {
		list = append(list, xmlrpc.Method{
			Name:   m.name,
			Params: append([]xmlrpc.Param{{Name: "session", Type: xmlrpc.String}}, m.params...),
			Result: xmlrpc.ArrayType,
			Handle: s.handler(m),
		})
	}
	return list
}
