// Package qcow2 gives VMs their disks as files on the host: a thin qcow2 layer
// over the image where it can, a copy where it must.
//
// A host that is this very machine reads images where the datastore has them.
// To any other host an image is delivered once, into a cache below the
// datastores folder; each VM's folder holds a hard link to it, so a VM goes on
// whatever becomes of the cache, and the space is free when the last one is
// gone.
//
// The format of a disk follows OpenNebula: DRIVER of the DISK, else FORMAT of
// its image, else raw. Format answers it; hypervisor drivers must say the same.
package qcow2
