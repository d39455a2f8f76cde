package cli

import "fmt"

// vmSnapshotVerbs are about system snapshots and disk snapshots.
func vmSnapshotVerbs() []verb {
	return []verb{
		action("snapshot-create", "creating snapshot", "Take a snapshot of VMs",
			func(in *input, id int) (request, error) {
				return call("one.vm.snapshotcreate", id, in.word(1)), nil
			}, word("name").orNone()).later(),
		callWith("snapshot-revert", "reverting snapshot", "Revert a VM to a snapshot", "one.vm.snapshotrevert", snapshotPart()).later(),
		callWith("snapshot-delete", "deleting snapshot", "Delete a snapshot of a VM", "one.vm.snapshotdelete", snapshotPart()).later(),
		snapshotList(),
		action("disk-snapshot-create", "creating disk snapshot", "Take a snapshot of a disk",
			func(in *input, id int) (request, error) {
				return call("one.vm.disksnapshotcreate", id, in.number(1, -1), in.word(2)), nil
			}, number("disk id"), word("name")).single().later(),
		callWith("disk-snapshot-revert", "reverting disk snapshot", "Revert a disk to a snapshot",
			"one.vm.disksnapshotrevert", number("disk id"), diskSnapshotPart()).later(),
		callWith("disk-snapshot-delete", "deleting disk snapshot", "Delete a snapshot of a disk",
			"one.vm.disksnapshotdelete", number("disk id"), diskSnapshotPart()).later(),
		action("disk-snapshot-rename", "disk snapshot rename", "Rename a snapshot of a disk",
			func(in *input, id int) (request, error) {
				return call("one.vm.disksnapshotrename", id, in.number(1, -1), in.number(2, -1), in.word(3)), nil
			}, number("disk id"), diskSnapshotPart(), word("name")).single(),
		diskSnapshotList(),
	}
}

func snapshotList() verb {
	return verb{
		name: "snapshot-list", short: "List the snapshots of a VM", args: []arg{object},
		run: func(s *session, in *input) error {
			return s.snapshots(in, "SNAPSHOTS", "No snapshots available", snapshotColumns(),
				func(vm *node) []*node { return vm.all("TEMPLATE/SNAPSHOT") })
		},
	}
}

func diskSnapshotList() verb {
	return verb{
		name: "disk-snapshot-list", short: "List the snapshots of a disk", args: []arg{object, number("disk id")},
		run: func(s *session, in *input) error {
			return s.snapshots(in, "VM DISK SNAPSHOTS", "No snapshots available in this disk", diskSnapshotColumns(),
				func(vm *node) []*node { return diskSnapshots(vm, in.word(1)) })
		},
	}
}

func (s *session) snapshots(in *input, head, none string, columns []column, rows func(vm *node) []*node) error {
	vm, _, err := s.read(in.noun.infoRequest(in.id()))
	if err != nil {
		return err
	}
	found := rows(vm)
	if len(found) == 0 {
		fmt.Fprintln(s.out, none)
		return nil
	}
	p := &page{out: s.out, session: s, paint: s.painter()}
	p.head(head)
	p.table(columns, found)
	return nil
}
