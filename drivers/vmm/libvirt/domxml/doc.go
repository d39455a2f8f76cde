// Package domxml writes the libvirt domain of a VM: what OpenNebula's deployment
// files say (src/vmm/LibVirtDriverKVM.cc), from the same attributes, so that a
// VM template keeps its meaning.
//
// It is apart from the driver because it needs no libvirt: what a template turns
// into is a question of text alone, and testdata shows the answers.
package domxml
