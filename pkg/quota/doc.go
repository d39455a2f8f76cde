// Package quota is what users and groups may use, and what they use: VMs, disk
// space in datastores, leases of networks, VMs that run from an image. Usage is
// changed in the transaction that uses, so that it cannot drift; it is kept
// even where there is no limit, as oned shows it.
package quota
