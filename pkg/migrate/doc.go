// Package migrate takes over what an original kept: it reads a database into a plan,
// which can be looked at before anything is done, and carries the plan out in one
// transaction. A reader of another database (RENKEI-VPE's) fills a Plan of its own.
package migrate
