// Package migrate takes over what an original kept: it reads a database into a plan,
// which can be looked at before anything is done, and carries the plan out in one
// transaction. There are readers for OpenNebula 2.2, for RENKEI-VPE over it, and for
// OpenNebula 7. See docs/import.md for what each takes.
package migrate
