// Package rvpe is the face of RENKEI-VPE: its 63 methods, with its words, its XML
// and its manners, over the same store and the same rules as one.*.
//
// An answer is [true, value], or [true] where RENKEI-VPE handed OpenNebula's
// answer through, or [false, message]. Arguments are not checked before they are
// needed, but their number is: see xmlrpc.NewRuby.
package rvpe
