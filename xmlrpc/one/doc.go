// Package one is the face that speaks one.* in the dialect of OpenNebula 7.4.
// It only translates: a table of methods says for each method which parameters
// it has, who may call it and which rule does the work, and package render
// turns objects into XML. The package decides nothing and stores nothing.
//
// Every call takes the same path (dispatch.go): authenticate the caller, check
// the types of the arguments, check permissions, run the rule, and wrap the
// answer in an envelope.
package one
