// Package one22 is the face that speaks one.* in the dialect of OpenNebula 2.2,
// for tools of its time: the 39 methods with their arguments, answers, texts and
// XML, over the same store and rules as package one. Like that it is a table of
// methods and decides nothing. What 2.2 did not know is never shown; states that
// it had no number for are mapped down (states.go).
//
// Objects that were made here keep what their makers said in 2.2's words
// (object.Meta.Legacy) beside what it was translated to, and are shown in those
// words again.
package one22
