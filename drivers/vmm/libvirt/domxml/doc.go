// Package domxml makes the libvirt domain XML of a VM, from the same attributes as OpenNebula's
// deployment files (src/vmm/LibVirtDriverKVM.cc), so that VM templates keep their meaning.
//
// It is separate from the driver because it does not need libvirt; testdata has examples.
package domxml
