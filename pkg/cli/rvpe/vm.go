package rvpe

import (
	"os"
	"strings"
)

func vmProgram() program {
	return program{
		name: "rvpevm", purpose: "virtual machines",
		about: []string{
			"Makes VMs, ends them, suspends and resumes them, has them saved as an image, and",
			"lists those that run and those that ran. <vm_name> is a name of the caller's VM",
			"or an ID; other users' VMs the administrator names by ID.",
		},
		options: []option{
			xmlOption, verboseOption,
			{short: 'V', help: []string{": print all there is"}, set: func(s *session, _ string) { s.everything, s.verbose = true, true }},
			helpOption,
		},
		commands: vmCommands(),
	}
}

func vmCommands() []command {
	action := func(name, word string) func(*session, []string) error {
		return verb{(*session).vmID, "vm.action", []any{word}, "Request done: " + name + " VM[%s]"}.once
	}
	const whose = "[ -x ] [ -v ] [ all|mine|<user_name> ]"
	return []command{
		{"create", "<vm_type> <image_name> <root_key_file> <zone> <network>[#<lease>] [ <network>[#<lease>] ... ]", 5, []string{
			"Make a VM of a type in a zone, from an image, with a card in each network. The",
			"first is the way out. root may come in with the key whose public part is in",
			"the file. A lease that the caller has been assigned is named behind #;",
			"otherwise a free one is taken. All names may be IDs.",
		}, vmCreate},
		{"shutdown", "<vm_name>", 1, []string{"Shut a VM down and delete its files."}, action("shutdown", "shutdown")},
		{"delete", "<vm_name>", 1, []string{"Stop a VM in whatever way and forget it. For VMs in state unkn."}, action("delete", "finalize")},
		{"restart", "<vm_name>", 1, []string{"Start a VM again. For VMs in state unkn."}, action("restart", "restart")},
		{"suspend", "<vm_name>", 1, []string{"Suspend a VM."}, action("suspend", "suspend")},
		{"resume", "<vm_name>", 1, []string{"Resume a suspended VM."}, action("resume", "resume")},
		{"mark_save", "<vm_name> <image_name> [ <image_description> ]", 2, []string{"Have the disk of a VM saved as an image of the caller's when the VM shuts", "down."}, vmMarkSave},
		{"list", whose, 0, whoseHelp("VMs", "the caller's"), vmList(withoutHistory)},
		{"history", whose, 0, []string{"As list, with the VMs that are done."}, vmList(withHistory)},
		{"show", "[ -x ] [ -v ] [ -V ] <vm_name> [ <vm_name> ... ]", 1, []string{"Show VMs."}, shower{(*session).vmID, "vm.info", showVM}.run},
	}
}

// Whether the list includes VMs that are done.
const (
	withoutHistory = -1
	withHistory    = 1
)

func vmList(history int) func(*session, []string) error {
	return func(s *session, args []string) error {
		return listerOf("vm.pool", "VM", vmColumns(s), history)(s, args)
	}
}

func vmColumns(s *session) []column {
	return []column{
		idColumn(),
		{"NAME", 30, false, (*node).label},
		{"USER", 10, false, text("USER_NAME")},
		{"ZONE", 15, false, text("ZONE_NAME")},
		{"TIME", 11, false, s.runningTime},
		{"STAT", 4, false, vmState},
	}
}

func vmCreate(s *session, args []string) error {
	imageID, err := s.imageID(args[1])
	if err != nil {
		return err
	}
	key, err := os.ReadFile(args[2])
	if err != nil {
		return failf("Can't read root ssh public key file: %s", args[2])
	}
	answer, err := s.call("vm.allocate", args[0], imageID, string(key), args[3], strings.Join(args[4:], ";"))
	if err != nil {
		return err
	}
	vm, err := s.document("vm.info", answer.ID)
	if err != nil {
		return err
	}
	s.say("Request done: create VM[%s]", vm.label())
	return nil
}

func vmMarkSave(s *session, args []string) error {
	description := ""
	if len(args) > 2 {
		description = args[2]
	}
	v := verb{(*session).vmID, "vm.mark_save", []any{args[1], description}, "VM[%s] is marked to save its image on shutdown."}
	return v.once(s, args)
}
