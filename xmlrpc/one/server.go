package one

import (
	"context"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/secret"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// Server is what the methods need.
type Server struct {
	Store      *store.Store
	Users      Authenticator
	Monitoring Monitoring
	Clock      func() time.Time
	Events     Events // nil: calls are no events, and no hooks run after them
	Log        zerolog.Logger

	Datastores     datastore.Settings
	Images         image.Settings
	Markets        market.Settings
	VMs            vm.Settings
	Networks       network.Settings
	Sizes          ImageSizer
	Backups        BackupReader
	Drivers        user.Drivers                   // how users of authentication drivers are treated
	Restricted     map[one.Kind]object.Restricted // of users and groups
	Secrets        *secret.Vault                  // decrypts, for administrators who ask for it
	ClosedToOthers bool                           // only administrators say what others may (ENABLE_OTHER_PERMISSIONS = NO)
	HashCost       int                            // of passwords
	Version        string                         // of OpenNebula, as clients are told
	Config         attr.Template                  // what one.system.config shows

	wholeVMs [forms]whole[vm.VM]
}

// Authenticator knows who a session is.
type Authenticator interface {
	// Authenticate returns the caller that a session string names, to be
	// changed freely, or an error of CodeAuthentication.
	Authenticate(ctx context.Context, session string) (*one.Caller, error)
}

// hasMethod reports whether there is a method with a name.
func (s *Server) hasMethod(name string) bool {
	return slices.ContainsFunc(table(), func(m method) bool { return m.name == name })
}

// Methods is the table of methods, ready for an xmlrpc.Registry.
func (s *Server) Methods() []xmlrpc.Method { return s.served(table()) }

// served turns methods into entries of a registry.
func (s *Server) served(methods []method) []xmlrpc.Method {
	var list []xmlrpc.Method
	texts := readHelp()
	for _, m := range methods {
		list = append(list, xmlrpc.Method{
			Name:   m.name,
			Params: append([]xmlrpc.Param{{Name: "session", Type: xmlrpc.String}}, m.params...),
			Result: xmlrpc.ArrayType,
			Help:   help(texts, m),
			Handle: s.handler(m),
		})
	}
	return list
}
