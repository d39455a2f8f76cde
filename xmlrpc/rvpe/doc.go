// Package rvpe is the face of RENKEI-VPE: its 63 methods with their texts, XML and
// behaviour, over the same store and rules as one.*.
//
// An answer is [true, value], or [false, message], or just [true] where RENKEI-VPE
// passed on OpenNebula's answer. The number of arguments is checked at once (see
// xmlrpc.NewRuby), their types only when they are used.
package rvpe
