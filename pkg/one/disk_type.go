package one

import "strings"

// DiskType is the DISK_TYPE of an image or a datastore: how a hypervisor opens it.
type DiskType int

// The types of a disk.
const (
	DiskFile          DiskType = 0
	DiskCDROM         DiskType = 1
	DiskBlock         DiskType = 2
	DiskRBD           DiskType = 3
	DiskRBDCDROM      DiskType = 4
	DiskGluster       DiskType = 5
	DiskGlusterCDROM  DiskType = 6
	DiskSheepdog      DiskType = 7
	DiskSheepdogCDROM DiskType = 8
	DiskISCSI         DiskType = 9
	DiskFilesystem    DiskType = 10
	DiskNone          DiskType = 255 // not known: an error
)

var diskTypes = labels{
	DiskFile:          {text: "FILE"},
	DiskCDROM:         {text: "CDROM"},
	DiskBlock:         {text: "BLOCK"},
	DiskRBD:           {text: "RBD"},
	DiskRBDCDROM:      {text: "RBD_CDROM"},
	DiskGluster:       {text: "GLUSTER"},
	DiskGlusterCDROM:  {text: "GLUSTER_CDROM"},
	DiskSheepdog:      {text: "SHEEPDOG"},
	DiskSheepdogCDROM: {text: "SHEEPDOG_CDROM"},
	DiskISCSI:         {text: "ISCSI"},
	DiskFilesystem:    {text: "FILESYSTEM"},
}

// String is the name that templates and drivers use, such as "BLOCK"; DiskNone
// has none.
func (d DiskType) String() string {
	if d == DiskNone {
		return ""
	}
	return diskTypes.name(int(d))
}

// ParseDiskType finds a type by its name in any case; DiskNone when there is no such type.
func ParseDiskType(name string) (DiskType, bool) {
	n, ok := diskTypes.find(strings.ToUpper(name))
	if !ok {
		return DiskNone, false
	}
	return DiskType(n), true
}
