package cli

import (
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/renkei-vpe/renkei/pkg/one"
)

func imageNoun() *noun {
	n := &noun{
		name: "image", program: "oneimage", element: "IMAGE", title: "image",
		method: "one.image.", pool: "one.imagepool.info", scoped: true,
		columns: imageColumns(), defaults: strings.Fields("ID USER GROUP NAME DATASTORE SIZE TYPE PERSISTENT STAT RVMS"),
		show: showImage,
	}
	n.verbs = slices.Concat(
		[]verb{list(n), top(n), show(n), imageCreate(n), imageDelete(n), rename(n), update(n, "TEMPLATE"), imageClone(), imageChtype()},
		imagePersistence(), enableVerbs(n), imageSnapshotVerbs(), []verb{imageRestore(), imageOrphans(n)},
		ownedVerbs(n), lockVerbs(n, "Image"),
	)
	return n
}

func imageColumns() []column {
	return []column{
		{"ID", "ONE identifier for the Image", 4, adjust, text("ID")},
		{"USER", "Username of the Image owner", 8, left, ownerName},
		{"GROUP", "Group of the Image", 8, left, groupName},
		{"NAME", "Name of the Image", 15, left | expand, text("NAME")},
		{"DATASTORE", "Name of the Datastore", 10, left, text("DATASTORE")},
		{"SIZE", "Size of the Image", 7, 0, func(v *view, n *node) string { return v.size(n.int("SIZE"), 'M') }},
		{"TYPE", "Type of the Image", 4, left, func(_ *view, n *node) string { return imageType(n).Short() }},
		{"REGTIME", "Registration time of the Image", 15, 0, timeOf("REGTIME")},
		{"MODTIME", "Last modified", 15, 0, timeOf("MODTIME")},
		{"PERSISTENT", "Whether the Image is persistent or not", 3, 0, func(_ *view, n *node) string { return yesNo(n.get("PERSISTENT")) }},
		{"STAT", "State of the Image", 4, left, func(_ *view, n *node) string { return imageState(n).Short() }},
		{"RVMS", "Number of VMs currently running from this Image", 4, 0, text("RUNNING_VMS")},
	}
}

func imageType(n *node) one.ImageType   { return one.ImageType(n.int("TYPE")) }
func imageState(n *node) one.ImageState { return one.ImageState(n.int("STATE")) }

func imageDelete(n *noun) verb {
	return action("delete", "deleting", "Delete images", func(in *input, id int) (request, error) {
		return call(n.method+"delete", id, in.bool("force")), nil
	}).with(func(f *pflag.FlagSet) { f.Bool("force", false, "ignore errors of the storage") })
}

func imagePersistence() []verb {
	set := func(on bool) func(*input, int) (request, error) {
		return func(_ *input, id int) (request, error) { return call("one.image.persistent", id, on), nil }
	}
	return []verb{
		action("persistent", "made persistent", "Have images keep what a VM writes", set(true)),
		action("nonpersistent", "made non persistent", "Have images stay as they are", set(false)),
	}
}

func imageChtype() verb {
	return action("chtype", "Type changed", "Change the type of images", func(in *input, id int) (request, error) {
		kind, err := imageTypeWord(in.word(1))
		return call("one.image.chtype", id, kind), err
	}, word("type"))
}

func imageSnapshotVerbs() []verb {
	return []verb{
		callWith("snapshot-delete", "deleting snapshot", "Delete a snapshot", "one.image.snapshotdelete", diskSnapshotPart()),
		callWith("snapshot-revert", "reverting image state", "Revert to a snapshot", "one.image.snapshotrevert", diskSnapshotPart()),
		callWith("snapshot-flatten", "flattening snapshot", "Keep one snapshot and remove all others", "one.image.snapshotflatten", diskSnapshotPart()),
	}
}

// imageOrphans omits backups, which templates never use.
func imageOrphans(n *noun) verb {
	return orphans(n, "DISK", "IMAGE", func(image *node) bool { return imageType(image) == one.ImageTypeBackup })
}

func imageClone() verb {
	v := action("clone", "cloning", "Copy an image", nil, word("name")).with(func(f *pflag.FlagSet) {
		f.StringP("datastore", "d", "", "datastore for the copy, by ID or name")
	})
	return v.single().running(func(s *session, in *input) error {
		datastore, err := s.option(in, "datastore", "DATASTORE", -1)
		if err != nil {
			return err
		}
		return s.makeOne(call("one.image.clone", in.id(), in.word(1), datastore))
	})
}

func showImage(p *page, n *node) {
	p.title("IMAGE " + n.get("ID") + " INFORMATION")
	p.line("ID", n.get("ID"))
	p.line("NAME", n.get("NAME"))
	p.line("USER", n.get("UNAME"))
	p.line("GROUP", n.get("GNAME"))
	p.line("LOCK", lockLevel(n.get("LOCK/LOCKED")))
	p.line("DATASTORE", n.get("DATASTORE"))
	p.line("TYPE", imageType(n).String())
	p.line("REGISTER TIME", stamp(n.int("REGTIME")))
	p.line("LAST MODIFIED", stamp(n.int("MODTIME")))
	p.line("PERSISTENT", yesNo(n.get("PERSISTENT")))
	p.line("SOURCE", n.get("SOURCE"))
	p.lineIf("PATH", n.get("PATH"))
	p.lineIf("FORMAT", n.get("FORMAT"))
	p.line("SIZE", size(n.int("SIZE"), 'M'))
	p.line("STATE", imageState(n).Short())
	p.line("RUNNING_VMS", n.get("RUNNING_VMS"))
	p.blank()
	p.permissions(n)
	if snapshots := n.all("SNAPSHOTS/SNAPSHOT"); len(snapshots) > 0 {
		p.section("IMAGE SNAPSHOTS")
		p.table(imageSnapshotColumns(), snapshots)
	}
	p.section("IMAGE TEMPLATE")
	p.template(n.at("TEMPLATE"))
	p.usedBy(n.texts("VMS/ID"))
}

// usedBy lists the VMs that use an object.
func (p *page) usedBy(ids []string) {
	if len(ids) == 0 {
		return
	}
	p.section("VIRTUAL MACHINES")
	p.blank()
	p.vms(func(vm *node) bool { return slices.Contains(ids, vm.get("ID")) })
}

// vms lists those of the VMs that the user may see.
func (p *page) vms(wanted func(vm *node) bool) {
	n := vmNoun()
	pool, err := p.session.objects(n)
	if err != nil {
		p.session.report(err)
		return
	}
	columns, err := n.columnSet(n.defaults)
	if err != nil {
		p.session.report(err)
		return
	}
	p.table(columns, slices.DeleteFunc(pool, func(vm *node) bool { return !wanted(vm) }))
}

func imageSnapshotColumns() []column {
	return []column{
		{"AC", "", 2, left, activeMark},
		{"ID", "", 3, 0, text("ID")},
		{"PARENT", "", 6, 0, text("PARENT")},
		{"DATE", "", 15, 0, timeOf("DATE")},
		{"SIZE", "", 8, left, func(_ *view, n *node) string { return size(n.int("SIZE"), 'M') }},
		{"NAME", "", 37, left, text("NAME")},
	}
}
