// Package acl decides whether a caller may do something to an object, from permission bits and
// ACL rules. This is done here and nowhere else. No rule denies anything.
package acl
