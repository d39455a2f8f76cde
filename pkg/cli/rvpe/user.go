package rvpe

import (
	"fmt"
	"strings"
)

func userProgram() program {
	return program{
		name: "rvpeuser", purpose: "users, and the zones that they may use",
		about: []string{
			"The administrator makes, deletes, enables and disables users, changes their",
			"passwords and says which zones they may use, and how much there. Users may see",
			"what is theirs. <user_name> and <zone_name> are a name or an ID.",
		},
		options: []option{xmlOption, helpOption},
		commands: []command{
			{"info", "[ -x ]", 0, []string{"Show the caller, and the leases assigned to him."}, userInfo},
			{"create", "<user_name> <password>", 2, []string{"Make a user."}, userCreate},
			{"delete", "<user_name>", 1, []string{"Delete a user."}, verb{(*session).userID, "user.delete", nil, "User[%s] is deleted."}.once},
			{"passwd", "<user_name> <password>", 2, []string{"Change the password of a user."}, userPasswd},
			{"enable", "<user_name> [ <user_name> ... ]", 1, []string{"Let users in."}, verb{(*session).userID, "user.enable", []any{true}, "User[%s] is enabled."}.run},
			{"disable", "<user_name> [ <user_name> ... ]", 1, []string{"Let users in no more."}, verb{(*session).userID, "user.enable", []any{false}, "User[%s] is disabled."}.run},
			{"enable_zone", "<user_name> <zone_name> [ <vm_quota> ]", 2, []string{"Let a user run VMs in a zone, whose weights add up to the quota, which is 1", "when it is not given."}, userEnableZone},
			{"disable_zone", "<user_name> <zone_name> [ <zone_name> ... ]", 2, []string{"Let a user run no VMs in zones any more."}, userDisableZone},
			{"list", "[ -x ]", 0, []string{"List all users."}, userList},
			{"show", "[ -x ] <user_name> [ <user_name> ... ]", 1, []string{"Show users."}, userShow},
		},
	}
}

func userList(s *session, args []string) error {
	s.verbose = true // IDs are always printed
	return lister("user.pool", "USER", []column{idColumn(), {"USER", 15, true, (*node).label}})(s, args)
}

func userShow(s *session, args []string) error {
	s.verbose = true
	return shower{(*session).userID, "user.info", showUser}.run(s, args)
}

func showUser(s *session, n *node) {
	s.heading("USER INFORMATION")
	f := s.fields()
	f.more("ID", n.id())
	f.put("NAME", n.label())
	f.more("ENABLE", yesNo(n.is("ENABLED")))
	label := "ZONES"
	for _, zone := range userZones(n, s.verbose) {
		f.put(label, zone)
		label = ""
	}
	if label != "" {
		f.put(label, "")
	}
	f.more("PASSWORD HASH", n.get("PASSWORD"))
}

// userZones are lines about the zones that a user may use.
func userZones(n *node, withID bool) (lines []string) {
	part := func(tag string, i int) string {
		if list := strings.Split(n.get(tag), ";"); i < len(list) {
			return list[i]
		}
		return ""
	}
	if n.get("ZONE_IDS") == "" {
		return nil
	}
	for i, id := range strings.Split(n.get("ZONE_IDS"), ";") {
		line := part("ZONE_NAMES", i) + "  ("
		if withID {
			line += fmt.Sprintf("ID:%2s  ", id)
		}
		lines = append(lines, line+fmt.Sprintf("QUOTA:%4s  USE:%4s)", part("ZONE_LIMITS", i), part("ZONE_USES", i)))
	}
	return lines
}

// userInfo prints the caller's objects. With -x they are one document.
func userInfo(s *session, _ []string) error {
	if err := s.enter(); err != nil {
		return err
	}
	id, err := s.userID(s.user)
	if err != nil {
		return err
	}
	user, err := s.document("user.info", id)
	if err != nil {
		return err
	}
	leases, err := s.document("lease.pool", id)
	if err != nil {
		return err
	}
	if s.xml {
		all := &node{name: "USER_INFO", kids: []*node{user, leases}}
		s.puts(all.pretty())
		return nil
	}
	showUser(s, user)
	s.puts("")
	s.heading("ASSIGNED VM LEASES")
	s.table(leases.all("LEASE"), leaseColumns()[1:])
	return nil
}

func userCreate(s *session, args []string) error {
	if _, err := s.call("user.allocate", args[0], sha1Hex(args[1])); err != nil {
		return err
	}
	s.say("User[%s] is created.", args[0])
	return nil
}

func userPasswd(s *session, args []string) error {
	return verb{(*session).userID, "user.passwd", []any{sha1Hex(args[1])}, "Password for User[%s] is changed."}.once(s, args)
}

// defaultQuota leaves the limit to the server.
const defaultQuota = -1

func userEnableZone(s *session, args []string) error {
	user, err := s.userID(args[0])
	if err != nil {
		return err
	}
	zone, err := s.zoneID(args[1])
	if err != nil {
		return err
	}
	var quota any = defaultQuota
	if len(args) > 2 {
		quota = args[2] // as text: the server reports what is wrong with it
	}
	answer, err := s.call("user.enable_zone", user, true, zone, quota)
	if err != nil {
		return err
	}
	s.say("User[%s] enabled to use Zone[%s] with Quota[%d]", args[0], args[1], answer.ID)
	return nil
}

func userDisableZone(s *session, args []string) error {
	user, err := s.userID(args[0])
	if err != nil {
		return err
	}
	return s.each(args[1:], s.zoneID, func(zone int, word string) error {
		if _, err := s.call("user.enable_zone", user, false, zone, defaultQuota); err != nil {
			return err
		}
		s.say("User[%s] disabled to use Zone[%s]", args[0], word)
		return nil
	})
}
