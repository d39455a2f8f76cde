// Package quota implements the quotas of users and groups: limits and usage of VMs, disk space
// in datastores, leases in networks, and VMs that use an image. Usage is changed in the
// transaction that changes the object, so that it is always exact. It is kept even without
// limits, because oned shows it.
package quota
