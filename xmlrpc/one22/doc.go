// Package one22 is the face that speaks one.* in the dialect of OpenNebula 2.2,
// for tools of that time: its 39 methods with their arguments, answers, error
// texts and XML, over the same store and rules as package one. Like package one
// it is a table of methods and decides nothing. It never shows what 2.2 did not
// know, and maps states without a number in 2.2 to ones that have one (states.go).
//
// Objects created here keep their template in 2.2's words (object.Meta.Legacy)
// beside its translation, and are shown in those words again.
package one22
