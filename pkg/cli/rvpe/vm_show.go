package rvpe

import (
	"fmt"
	"time"
)

func showVM(s *session, n *node) {
	s.heading("VM INFORMATION")
	f := s.fields()
	f.more("ID", n.id())
	f.put("NAME", n.label())
	f.put("IP ADDRESS", n.get("ADDRESS"))
	f.put("STATE", stateOf(n, "STATE", vmStates).long)
	for _, part := range [...][2]string{{"ZONE", "ZONE"}, {"VM TYPE", "TYPE"}, {"IMAGE", "IMAGE"}} {
		f.more(part[0]+" ID", n.get(part[1]+"_ID"))
		f.put(part[0], n.get(part[1]+"_NAME"))
	}
	showVMLeases(s, n)
	s.puts("")
	showVMTimes(s, n)
	s.puts("")
	s.section("MONITORING INFORMATION")
	f.put("USED CPU", n.get("CPU"))
	f.put("USED MEMORY", n.get("MEMORY"))
	f.put("NET_TX", n.get("NET_TX"))
	f.put("NET_RX", n.get("NET_RX"))
	s.puts("")
	if s.everything {
		s.section("VIRTUAL MACHINE TEMPLATE")
		s.puts(n.template("TEMPLATE"))
	}
}

func showVMLeases(s *session, n *node) {
	f, id := s.fields(), func(string) string { return "" }
	if s.verbose {
		id = func(id string) string { return "[" + id + "] " }
	}
	f.put("ADDRESS LEASES", id("ID")+"HOSTNAME(ADDRESS)")
	for _, l := range n.all("LEASES/LEASE") {
		f.put("", id(l.id())+l.label()+"("+l.get("ADDRESS")+")")
	}
}

func showVMTimes(s *session, n *node) {
	s.section("USER INFORMATION")
	f := s.fields()
	f.more("USER ID", n.get("USER_ID"))
	f.put("USER NAME", n.get("USER_NAME"))
	f.put("START TIME", localTime(n.int("STIME")))
	f.put("END TIME", localTime(n.int("ETIME")))
	f.put("RUNNING TIME", s.runningTime(n))
}

// localTime formats a time without its year; "-" is never.
func localTime(unix int) string {
	if unix == 0 {
		return "-"
	}
	return time.Unix(int64(unix), 0).Format("01/02 15:04:05")
}

// runningTime formats how long a VM has run: days, hours, minutes, seconds. The original
// formats it as a time of the year, so that days start again with the 366th.
func (s *session) runningTime(n *node) string {
	end := s.now()
	if n.get("ETIME") != "0" {
		end = time.Unix(int64(n.int("ETIME")), 0)
	}
	ran := time.Unix(0, 0).Add(end.Sub(time.Unix(int64(n.int("STIME")), 0))).UTC()
	return fmt.Sprintf("%02d %s", ran.YearDay()-1, ran.Format("15:04:05"))
}
