// Package one is the face that speaks one.* in the dialect of OpenNebula 7.4.
// It translates: a table of methods says, for each, its parameters, who may
// call it and which rule does the work; render turns objects into XML. It
// decides nothing and keeps nothing.
package one

// Every method goes the same way (dispatch.go): who are you, are the arguments
// of the right types, may you, do it, and one envelope for every answer.
