// Package migrate imports databases of the originals: it reads a database into a plan, which
// can be printed before anything is changed, and carries the plan out in one transaction. There
// are readers for OpenNebula 2.2, for RENKEI-VPE on top of it, and for OpenNebula 6 and 7. See
// docs/import.md for what each imports.
package migrate
