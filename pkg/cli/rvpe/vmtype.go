package rvpe

func vmtypeProgram() program {
	return program{
		name: "rvpevmtype", purpose: "types of virtual machines",
		about: []string{
			"A type says how many CPUs and how much memory a VM has. Its weight is what",
			"a VM of that type takes of its user's quota. The administrator makes and",
			"deletes types; everybody may look at them. <type_name> is a name or an ID.",
		},
		options: []option{verboseOption, xmlOption, helpOption},
		commands: []command{
			{"create", "<definition_file>", 1, []string{"Make a type from a definition."}, vmtypeCreate},
			{"delete", "<type_name>", 1, []string{"Delete a type."}, verb{(*session).typeID, "vmtype.delete", nil, "VMType[%s] deleted."}.once},
			{"list", "[ -x ] [ -v ]", 0, []string{"List all types."}, lister("vmtype.pool", "VMTYPE", vmtypeColumns())},
			{"show", "[ -x ] [ -v ] <type_name> [ <type_name> ... ]", 1, []string{"Show types."}, shower{(*session).typeID, "vmtype.info", showVMType}.run},
		},
	}
}

func vmtypeColumns() []column {
	return []column{
		idColumn(),
		{"NAME", 15, true, (*node).label},
		{"DESCRIPTION", 40, false, text("DESCRIPTION")},
		{"CPU", 4, false, text("CPU")},
		{"MEM(MB)", 8, false, text("MEMORY")},
		{"WEIGHT", 7, false, text("WEIGHT")},
	}
}

// text is a column with the text of an element.
func text(path string) func(*node) string { return func(n *node) string { return n.get(path) } }

func vmtypeCreate(s *session, args []string) error {
	definition, err := readDefinition(args[0])
	if err != nil {
		return err
	}
	answer, err := s.call("vmtype.allocate", definition)
	if err != nil {
		return err
	}
	made, err := s.document("vmtype.info", answer.ID)
	if err != nil {
		return err
	}
	s.say("VMType[%s] is registered.", made.label())
	return nil
}

func showVMType(s *session, n *node) {
	s.heading("VM TYPE INFORMATION")
	f := s.fields()
	f.more("ID", n.id())
	f.put("NAME", n.label())
	f.put("CPU", n.get("CPU"))
	f.put("MEMORY(MB)", n.get("MEMORY"))
	f.put("WEIGHT", n.get("WEIGHT"))
	f.put("DESCRIPTION", n.get("DESCRIPTION"))
}
