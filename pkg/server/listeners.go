package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// wire is an address with all APIs that are served there.
type wire struct {
	address string
	server  *xmlrpc.Server
}

// openWires opens the API's wire, and puts each further listener on the wire of its address.
func (s *Server) openWires() error {
	registry, err := s.registry("one")
	if err != nil {
		return err
	}
	main := s.wireAt(s.config.Listen, s.config.TLS)
	main.server.Registry, main.server.Path = registry, s.config.Path
	s.wires = []wire{main}
	if err := s.openOwn(); err != nil {
		return err
	}
	for i, l := range s.config.Listeners {
		if err := s.addListener(l); err != nil {
			return fmt.Errorf("listeners[%d]: %w", i, err)
		}
	}
	return nil
}

// registry is the methods of a face.
func (s *Server) registry(name string) (*xmlrpc.Registry, error) {
	f, ok := faces()[name]
	if !ok {
		return nil, fmt.Errorf("there is no face %q: use one of %s", name, strings.Join(faceNames(), ", "))
	}
	if f.manners == nil {
		f.manners = xmlrpc.New
	}
	r := f.manners()
	return r, r.Add(f.methods(s)...)
}

// addListener adds the paths of a listener to the wire of its address.
func (s *Server) addListener(l config.Listener) error {
	registry, err := s.registry(l.Face)
	if err != nil {
		return err
	}
	f := faces()[l.Face]
	if l.Listen == "" {
		l.Listen = f.listen
	}
	if len(l.Paths) == 0 {
		l.Paths = f.paths
	}
	w := s.findWire(l)
	for _, path := range l.Paths {
		if w.has(path) {
			return fmt.Errorf("something else answers at %s%s: give it another path, or another address", l.Listen, path)
		}
		w.server.Routes = append(w.server.Routes, xmlrpc.Route{Path: path, Registry: registry})
	}
	return nil
}

// findWire finds or makes the wire of a listener's address.
func (s *Server) findWire(l config.Listener) wire {
	i := slices.IndexFunc(s.wires, func(w wire) bool { return w.address == l.Listen })
	if i >= 0 {
		return s.wires[i]
	}
	var files config.TLS
	if l.TLS {
		files = s.config.TLS
	}
	w := s.wireAt(l.Listen, files)
	s.wires = append(s.wires, w)
	return w
}

// has tells whether something is served at a path.
func (w wire) has(path string) bool {
	return w.server.Registry != nil && w.server.Path == path ||
		slices.ContainsFunc(w.server.Routes, func(r xmlrpc.Route) bool { return r.Path == path })
}

// wireAt makes an empty wire.
func (s *Server) wireAt(address string, files config.TLS) wire {
	c := s.config
	return wire{address: address, server: &xmlrpc.Server{
		Limits: xmlrpc.Limits{
			BodyBytes: int64(c.Limits.BodyMiB) << 20, Conns: c.Limits.Connections, CallTimeout: c.Limits.CallTimeout,
		},
		TLS:   xmlrpc.TLSFiles{Cert: files.Cert, Key: files.Key},
		Grace: c.Limits.DrainGrace,
		Log:   logCalls(s.log), ErrorLog: logConnections(s.log),
	}}
}

// Listen opens all listeners of the configuration and answers the API's; Run uses the others,
// too.
func (s *Server) Listen() (net.Listener, error) {
	for _, w := range s.wires {
		l, err := net.Listen("tcp", w.address)
		if err != nil {
			return nil, errors.Join(listenError(w.address, err), s.closeListeners())
		}
		s.listeners = append(s.listeners, l)
	}
	return s.listeners[0], nil
}

func listenError(address string, err error) error {
	return fmt.Errorf("listening on %s: %w (does another server run there? choose another with --listen, or under listeners)", address, err)
}

// Addresses are the addresses that the server listens on, the API's first.
func (s *Server) Addresses() []string {
	var list []string
	for _, l := range s.listeners {
		list = append(list, l.Addr().String())
	}
	return list
}

// closeListeners closes what Listen opened.
func (s *Server) closeListeners() error {
	var errs []error
	for _, l := range s.listeners {
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	s.listeners = nil
	return errors.Join(errs...)
}

// serveWires serves all listeners until ctx ends; if one fails, all end.
func (s *Server) serveWires(ctx context.Context, api net.Listener) error {
	all, ctx := errgroup.WithContext(ctx)
	for i, w := range s.wires {
		l := api
		if i > 0 {
			l = s.listeners[i]
		}
		s.log.Info().Str("listen", l.Addr().String()).Str("path", w.paths()).Str("data", s.config.Data).Msg("ready")
		all.Go(func() error { return w.server.Serve(ctx, l) })
	}
	return all.Wait()
}

// paths lists the paths of the wire, for the log.
func (w wire) paths() string {
	var list []string
	if w.server.Registry != nil {
		list = append(list, w.server.Path)
	}
	for _, r := range w.server.Routes {
		list = append(list, r.Path)
	}
	return strings.Join(list, " ")
}
