package rvpe

func leaseProgram() program {
	return program{
		name: "rvpelease", purpose: "addresses that are assigned to users",
		about: []string{
			"A lease is a host name with its IP address. The administrator may assign it to",
			"a user, for whose VMs it is kept. <lease_name> and <user_name> are a name or an ID.",
		},
		options: []option{xmlOption, verboseOption, helpOption},
		commands: []command{
			{"assign", "<lease_name> <user_name>", 2, []string{"Assign a lease to a user."}, leaseAssign},
			{"release", "<lease_name>", 1, []string{"Take a lease back from its user."}, verb{(*session).leaseID, "lease.release", nil, "Lease[%s] is released."}.once},
			{"show", "[ -v ] [ -x ] <lease_name> [ <lease_name> ... ]", 1, []string{"Show leases."}, shower{(*session).leaseID, "lease.info", showLease}.run},
			{"list", "[ -v ] [ -x ] [ all|mine|<user_name> ]", 0, whoseHelp("leases", "those assigned to the caller, and those that are free"), listerOf("lease.pool", "LEASE", leaseColumns())},
		},
	}
}

// whoseHelp explains the argument of list.
func whoseHelp(what, mine string) []string {
	return []string{
		"List " + what + ": all (or a), mine (or m), which is " + mine + ",",
		"or those of a user. Without a word it is mine; the others are for the",
		"administrator.",
	}
}

func leaseColumns() []column {
	return []column{
		idColumn(),
		{"NAME", 30, false, (*node).label},
		{"IP", 15, false, text("IP")},
		{"ASSIGN", 10, false, leaseUser},
		{"VM_ID", 15, false, leaseVM},
	}
}

const nobody = "-1" // in place of the ID of a user or a VM

func leaseVM(n *node) string {
	if vid := n.get("VID"); vid != nobody {
		return vid
	}
	return "-"
}

func leaseUser(n *node) string {
	if n.get("ASSIGNED_TO_UID") == nobody {
		return "-"
	}
	return n.get("ASSIGNED_TO_UNAME")
}

func leaseAssign(s *session, args []string) error {
	id, err := s.leaseID(args[0])
	if err != nil {
		return err
	}
	if _, err := s.call("lease.assign", id, args[1]); err != nil {
		return err
	}
	s.say("Lease[%s] is assigned to User[%s].", args[0], args[1])
	return nil
}

func showLease(s *session, n *node) {
	s.heading("LEASE INFORMATION")
	f := s.wideFields()
	f.more("ID", n.id())
	f.put("NAME", n.label())
	f.put("IP ADDRESS", n.get("IP"))
	f.put("MAC ADDRESS", n.get("MAC"))
	f.put("ASSIGNED USER", leaseUser(n))
	f.put("USED", yesNo(n.is("USED")))
	f.put("USING VM ID", leaseVM(n))
	s.puts("")
}
