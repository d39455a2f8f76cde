package cli

import (
	"fmt"
	"strconv"
	"strings"
)

// part is something within an object that can be given by name or ID: a NIC of a VM, a snapshot
// of a disk.
type part struct {
	label string
	path  string // path of such parts in the object
	id    string // element with the ID
}

func nicPart() arg {
	return partArg("nic id|name", part{"NIC", "TEMPLATE/NIC", "NIC_ID"})
}

func snapshotPart() arg {
	return partArg("snapshot id|name", part{"Snapshot", "TEMPLATE/SNAPSHOT", "SNAPSHOT_ID"})
}

// diskSnapshotPart finds snapshots of disks; images have them in the same place.
func diskSnapshotPart() arg {
	return partArg("snapshot id|name", part{"Snapshot", "SNAPSHOTS/SNAPSHOT", "ID"})
}

func partArg(label string, p part) arg { return arg{label: label, kind: argPart, part: &p} }

// findPart is the ID of a part of the verb's object.
func (s *session) findPart(in *input, p part, text string) (int, error) {
	if digits.MatchString(text) {
		return strconv.Atoi(text)
	}
	object, _, err := s.read(in.noun.infoRequest(in.id()))
	if err != nil {
		return 0, err
	}
	var found []*node
	for _, candidate := range object.all(p.path) {
		if candidate.get("NAME") == text {
			found = append(found, candidate)
		}
	}
	if len(found) != 1 {
		return 0, fmt.Errorf("%s not found or duplicated", strings.TrimSpace(p.label+" "+text))
	}
	return int(found[0].int(p.id)), nil
}
