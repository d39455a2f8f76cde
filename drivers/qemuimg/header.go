package qemuimg

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// HeadBytes is how many bytes of an image's beginning Probe needs, if it has so many.
const HeadBytes = 64 << 10

// Head is what the beginning of an image tells.
type Head struct {
	Format       string // Raw or Qcow2
	VirtualBytes int64  // 0 for raw, which does not tell
	CD           bool   // an ISO 9660 image
}

// foreign are formats that are recognized by their magic numbers and refused.
var foreign = []struct {
	at         int
	mark, name string
}{
	{0, "KDMV", "VMDK"}, {0, "COWD", "VMDK"}, {0, "# Disk DescriptorFile", "VMDK"},
	{0, "vhdxfile", "VHDX"}, {0, "conectix", "VHD"}, {64, "\x7f\x10\xda\xbe", "VDI"},
	{0, "QED\x00", "QED"}, {0, "WithoutFreeSpace", "Parallels"}, {0, "WithouFreSpacExt", "Parallels"},
	{0, "QFI\xfb\x00\x00\x00\x01", "QCOW version 1"},
}

// Probe examines the beginning of a user's image. It refuses formats other than raw and qcow2,
// and qcow2 images with backing or data files, with which users could read any file of a host.
func Probe(head []byte) (Head, error) {
	for _, f := range foreign {
		if has(head, f.at, f.mark) {
			return Head{}, fmt.Errorf("this is a %s image: convert it first, qemu-img convert -O qcow2 IMAGE IMAGE.qcow2", f.name)
		}
	}
	if !has(head, 0, "QFI\xfb") {
		return Head{Format: Raw, CD: has(head, 16*2048+1, "CD001")}, nil
	}
	size, err := probeQcow2(head)
	return Head{Format: Qcow2, VirtualBytes: size}, err
}

func has(head []byte, at int, mark string) bool {
	return len(head) >= at+len(mark) && string(head[at:at+len(mark)]) == mark
}

// Bits of the incompatible features of qcow2 (docs/interop/qcow2.txt of QEMU).
const (
	qcow2Corrupt  = 1 << 1
	qcow2DataFile = 1 << 2
)

func probeQcow2(head []byte) (virtualBytes int64, err error) {
	if len(head) < 72 {
		return 0, errors.New("this qcow2 image is cut off in its header")
	}
	version := binary.BigEndian.Uint32(head[4:])
	if version != 2 && version != 3 {
		return 0, fmt.Errorf("this is a qcow2 image of version %d, and only 2 and 3 are known", version)
	}
	if binary.BigEndian.Uint64(head[8:]) != 0 {
		return 0, errors.New("this qcow2 image has a backing file: flatten it first, qemu-img convert -O qcow2 IMAGE IMAGE.qcow2")
	}
	if version == 3 {
		if err := checkFeatures(head); err != nil {
			return 0, err
		}
	}
	virtualBytes = int64(binary.BigEndian.Uint64(head[24:]))
	if virtualBytes <= 0 {
		return 0, fmt.Errorf("this qcow2 image says it has %d bytes", virtualBytes)
	}
	return virtualBytes, nil
}

func checkFeatures(head []byte) error {
	if len(head) < 104 {
		return errors.New("this qcow2 image is cut off in its header")
	}
	features := binary.BigEndian.Uint64(head[72:])
	if features&qcow2DataFile != 0 {
		return errors.New("this qcow2 image keeps its data in another file: put them together first, qemu-img convert -O qcow2 IMAGE IMAGE.qcow2")
	}
	if features&qcow2Corrupt != 0 {
		return errors.New("this qcow2 image is marked as corrupt: repair it first, qemu-img check -r all IMAGE")
	}
	return nil
}
