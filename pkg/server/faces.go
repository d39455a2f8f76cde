package server

import (
	"maps"
	"slices"

	"github.com/renkei-vpe/renkei/xmlrpc"
)

// face is a dialect that a listener may speak.
type face struct {
	listen  string                  // where it is when the configuration says nothing
	paths   []string                // its paths, when the configuration says nothing
	manners func() *xmlrpc.Registry // of the server that it stands for; nil is xmlrpc.New
	methods func(*Server) []xmlrpc.Method
}

// faces are all dialects, by the names that the configuration has for them.
func faces() map[string]face {
	return map[string]face{
		"one22": {
			listen: "127.0.0.1:2634", paths: []string{xmlrpc.DefaultPath},
			methods: func(s *Server) []xmlrpc.Method { return s.one22.Methods() },
		},
		"one": {
			listen: "127.0.0.1:2635", paths: []string{xmlrpc.DefaultPath},
			methods: (*Server).todaysMethods,
		},
		"rvpe": {
			listen: "127.0.0.1:3111", paths: []string{xmlrpc.AnyPath}, manners: xmlrpc.NewRuby,
			methods: func(s *Server) []xmlrpc.Method { return s.rvpe.Methods() },
		},
	}
}

// faceNames lists the dialects in order.
func faceNames() []string { return slices.Sorted(maps.Keys(faces())) }
