// Package dummy is a simulated hypervisor. It is part of the product, to try and demonstrate
// Renkei and to test clients with hosts that boot VMs at once, and our tests need hosts that
// fail on request.
//
// If it has a folder, its hosts survive a kill -9 of the server, as real hosts do. Domains are
// small JSON files that may be edited (the guest has crashed) or deleted (the domain has
// vanished) while the server runs.
//
// Deploy IDs, monitoring and scripted failures are those of OpenNebula's dummy driver
// (src/vmm_mad/dummy).
package dummy
