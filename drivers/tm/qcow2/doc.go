// Package qcow2 is a transfer driver for disks as files on the host: qcow2 overlays over the
// image where possible, copies otherwise.
//
// On this machine overlays refer to the image in its datastore. To other hosts an image is
// copied once, into a cache below the datastores folder. The folder of each VM has a hard link
// to it, so that the cache may be swept while the VM runs, and the space is freed when the last
// link is deleted.
//
// The format of a disk follows OpenNebula: DRIVER of the DISK, else FORMAT of its image, else
// raw. Format answers it; hypervisor drivers must use the same.
package qcow2
