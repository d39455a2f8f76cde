// Package acl answers the one question of authorization: may this caller do
// this to that object? Ownership bits and ACL rules are evaluated here and
// nowhere else. There are no rules that deny.
package acl
