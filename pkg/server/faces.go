package server

import (
	"maps"
	"slices"

	"github.com/renkei-vpe/renkei/xmlrpc"
)

// face is an API that a listener can serve.
type face struct {
	listen  string                  // default address
	paths   []string                // default paths
	manners func() *xmlrpc.Registry // HTTP behaviour of the server that it replaces; nil stands for xmlrpc.New
	methods func(*Server) []xmlrpc.Method
}

// faces are all APIs, by their names in the configuration.
func faces() map[string]face {
	return map[string]face{
		"one22": {
			listen: "127.0.0.1:2634", paths: []string{xmlrpc.DefaultPath},
			methods: func(s *Server) []xmlrpc.Method { return s.one22.Methods() },
		},
		"one": {
			listen: "127.0.0.1:2635", paths: []string{xmlrpc.DefaultPath},
			methods: (*Server).methodsOf74,
		},
		"rvpe": {
			listen: "127.0.0.1:3111", paths: []string{xmlrpc.AnyPath}, manners: xmlrpc.NewRuby,
			methods: func(s *Server) []xmlrpc.Method { return s.rvpe.Methods() },
		},
	}
}

// faceNames lists the names of the APIs in order.
func faceNames() []string { return slices.Sorted(maps.Keys(faces())) }
