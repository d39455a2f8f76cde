package rvpe

func hostProgram() program {
	return program{
		name: "rvpehost", purpose: "hosts that virtual machines run on",
		about:   []string{"Shows the hosts of zones, and lets them take VMs or not. <zone_name> is a name", "or an ID, <host_name> a name."},
		options: []option{xmlOption, verboseOption, helpOption},
		commands: []command{
			{"enable", "<zone_name> <host_name> [ <host_name> ... ]", 2, []string{"Let hosts take VMs."}, switchHosts(true, "Host[%s] enabled.")},
			{"disable", "<zone_name> <host_name> [ <host_name> ... ]", 2, []string{"Let hosts take no VMs any more."}, switchHosts(false, "Host[%s] disabled.")},
			{"show", "[ -v ] [ -x ] <zone_name> [ <host_name> ... ]", 1, []string{"Show hosts of a zone, all when none is named."}, hostShow},
			{"list", "[ -v ] [ -x ]", 0, []string{"List all hosts."}, lister("host.pool", "HOST", hostColumns())},
		},
	}
}

func hostColumns() []column {
	return []column{
		idColumn(),
		{"NAME", 30, false, (*node).label},
		{"ZONE", 20, false, text("CLUSTER")},
		{"STATE", 15, false, hostState},
	}
}

func switchHosts(on bool, done string) func(*session, []string) error {
	return func(s *session, args []string) error {
		id := func(name string) (int, error) { return s.oneInZone(zoneHosts, args[0], name) }
		return s.each(args[1:], id, func(id int, name string) error {
			if _, err := s.call("host.enable", id, on); err != nil {
				return err
			}
			s.say(done, name)
			return nil
		})
	}
}

func hostShow(s *session, args []string) error {
	ids, err := s.inZone(zoneHosts, args[0], args[1:])
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := (shower{method: "host.info", print: showHost}).one(s, id); err != nil {
			return err
		}
	}
	return nil
}

func showHost(s *session, n *node) {
	s.heading("HOST INFORMATION")
	f := s.wideFields()
	f.more("ID", n.id())
	f.put("NAME", n.label())
	f.put("ZONE", n.get("CLUSTER"))
	f.put("STATE", hostState(n))
	for _, mad := range []string{"IM_MAD", "VM_MAD", "TM_MAD"} {
		f.more(mad, n.get(mad))
	}
	s.puts("")
	showShares(s, n)
	if s.verbose {
		s.puts("")
		s.section("MONITORING INFORMATION")
		s.puts(n.template("TEMPLATE"))
	}
	s.print("\n\n")
}

func showShares(s *session, n *node) {
	s.section("HOST SHARES")
	f := s.wideFields()
	for _, share := range [...][2]string{
		{"MAX MEM", "MAX_MEM"}, {"USED MEM (REAL)", "USED_MEM"}, {"USED MEM (ALLOCATED)", "MEM_USAGE"},
		{"MAX CPU", "MAX_CPU"}, {"USED CPU (REAL)", "USED_CPU"}, {"USED CPU (ALLOCATED)", "CPU_USAGE"}, {"RUNNING VMS", "RUNNING_VMS"},
	} {
		f.put(share[0], n.get("HOST_SHARE/"+share[1]))
	}
}
