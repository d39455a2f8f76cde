package rvpe

import (
	"regexp"
	"time"
)

func imageProgram() program {
	return program{
		name: "rvpeimage", purpose: "images of operating systems",
		about: []string{
			"Brings images in and out, shares them, and keeps what VMs write in them or not.",
			"<image_name> is a name or an ID.",
		},
		options:  []option{xmlOption, verboseOption, helpOption},
		commands: imageCommands(),
	}
}

func imageCommands() []command {
	each := func(method string, on bool, done string) func(*session, []string) error {
		return verb{(*session).imageID, method, []any{on}, "Image[%s] is " + done + "."}.run
	}
	const some = "<image_name> [ <image_name> ... ]"
	return []command{
		{"import", "<definition_file>", 1, []string{"Send an image to the server: the file that its definition names as path."}, imageImport},
		{"export", "<image_name> <file_name>", 2, []string{"Fetch an image into a new folder of that name: disk.img is its content,", "attr.txt a definition of it."}, imageExport},
		{"delete", some, 1, []string{"Delete images."}, imageDelete},
		{"publish", some, 1, []string{"Let everybody use images."}, each("image.publish", true, "published")},
		{"unpublish", some, 1, []string{"Let only their owner use images."}, each("image.publish", false, "unpublished")},
		{"persistent", some, 1, []string{"Keep in images what VMs write."}, each("image.persistent", true, "persistent")},
		{"nonpersistent", some, 1, []string{"Keep images as they are."}, each("image.persistent", false, "nonpersistent")},
		{"description", "<image_name> <new_description>", 2, []string{"Describe an image anew."}, imageDescription},
		{"list", "[ -x ] [ -v ] [ all|mine|<user_name> ]", 0, whoseHelp("images", "the caller's"), listerOf("image.pool", "IMAGE", imageColumns())},
		{"show", "[ -x ] [ -v ] " + some, 1, []string{"Show images."}, shower{(*session).imageID, "image.info", showImage}.run},
	}
}

func imageColumns() []column {
	return []column{
		idColumn(),
		{"OWNER", 10, false, text("USERNAME")},
		{"NAME", 30, false, imageName},
		{"REGTIME", 20, false, func(n *node) string {
			return time.Unix(int64(n.int("REGTIME")), 0).UTC().Format("Jan 02, 2006 15:04")
		}},
		{"STAT", 4, false, imageState},
	}
}

// imageName marks the name of an image: * is persistent, - is not public.
func imageName(n *node) string {
	switch {
	case n.is("PUBLIC"):
		return n.label()
	case n.is("PERSISTENT"):
		return "* " + n.label()
	}
	return "- " + n.label()
}

func imageDescription(s *session, args []string) error {
	v := verb{(*session).imageID, "image.description", []any{args[1]}, "Description Image[%s] is updated."}
	return v.once(s, args)
}

// imageDelete deletes images and then their files, as RENKEI-VPE's server leaves that to the
// client.
func imageDelete(s *session, args []string) error {
	return s.each(args, s.imageID, func(id int, _ string) error {
		img, err := s.document("image.info", id)
		if err != nil {
			return err
		}
		if _, err := s.call("image.delete", id); err != nil {
			return err
		}
		if _, err := s.call("transfer.delete", img.get("SOURCE")); err != nil {
			return err
		}
		s.say("Image[%s] is deleted.", img.label())
		return nil
	})
}

func showImage(s *session, n *node) {
	s.heading("IMAGE INFORMATION")
	f := s.fields()
	f.more("ID", n.id())
	f.put("NAME", n.label())
	f.put("DESCRIPTION", n.fromTemplate("DESCRIPTION"))
	f.put("DISK IO BUS", n.fromTemplate("BUS"))
	f.put("NIC MODEL", n.fromTemplate("NIC_MODEL"))
	s.puts("")
	f.put("REGISTER TIME", localTime(n.int("REGTIME")))
	f.put("SIZE", n.get("SIZE"))
	f.put("PUBLIC", yesNo(n.is("PUBLIC")))
	f.put("PERSISTENT", yesNo(n.is("PERSISTENT")))
	f.put("STATE", imageUse(n))
}

// imageUse is the state of an image, and the number of VMs that use it.
func imageUse(n *node) string {
	state, vms := stateOf(n, "STATE", imageStates).long, n.get("RUNNING_VMS")
	switch {
	case state != "USED":
		return state
	case vms == "1":
		return state + " by 1 VM"
	}
	return state + " by " + vms + " VMs"
}

// fromTemplate is the value of an attribute in the template: its first line.
func (n *node) fromTemplate(key string) string {
	m := regexp.MustCompile(`(?m)^` + key + `\s*=\s*(.+)`).FindStringSubmatch(n.template("TEMPLATE"))
	if m == nil {
		return ""
	}
	return m[1]
}
