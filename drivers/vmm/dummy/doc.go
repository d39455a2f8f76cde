// Package dummy is a simulated hypervisor. It ships in the product: whoever
// wants to try Renkei, show it, or test a client needs hosts that boot VMs at
// once and cost nothing, and our own tests need hosts that fail on demand.
//
// Its hosts are as real to the rest of the house as a libvirt one. With a
// folder to keep them in they survive a kill -9 of the server, as real hosts
// do; their domains are small JSON files that a person may read, edit (a guest
// crashed) or delete (a guest vanished) while the server runs.
//
// It answers as the dummy driver of OpenNebula does (src/vmm_mad/dummy): the
// same deploy IDs, host report and scripted failures.
package dummy
