package rvpe

import (
	"os"

	"go.yaml.in/yaml/v4"
)

func zoneProgram() program {
	return program{
		name: "rvpezone", purpose: "zones: sites where virtual machines run",
		about: []string{
			"The administrator makes and deletes zones, and puts hosts and networks into",
			"them. Everybody may see what zones have. <zone_name> is a name or an ID.",
		},
		options: []option{xmlOption, verboseOption, helpOption},
		commands: []command{
			{"create", "<definition_file>", 1, []string{"Make a zone from a definition, with its hosts and networks."}, zoneCreate},
			{"delete", "<zone_name>", 1, []string{"Delete a zone."}, verb{(*session).zoneID, "zone.delete", nil, "ZONE deleted: %s"}.once},
			{
				"addhost", "<zone_name> <host_name> [ <host_name> ... ]", 2, []string{"Add hosts to a zone."},
				toZone("zone.add_host", "HOST[%s] is added to ZONE[%s]."),
			},
			{
				"removehost", "<zone_name> <host_name> [ <host_name> ... ]", 2, []string{"Remove hosts from a zone."},
				toZone("zone.remove_host", "HOST[%s] is removed from ZONE[%s]."),
			},
			{"listhost", "<zone_name>", 1, []string{"List the hosts of a zone."}, partsOf(printHosts)},
			{"addvnet", "<zone_name> <definition_file> [ <definition_file> ... ]", 2, []string{"Add networks to a zone, from definitions."}, zoneAddVnet},
			{
				"removevnet", "<zone_name> <vnet_name> [ <vnet_name> ... ]", 2, []string{"Remove networks from a zone."},
				toZone("zone.remove_vnet", "VirtualNetwork[%s] is removed from ZONE[%s]."),
			},
			{"listvnet", "<zone_name>", 1, []string{"List the networks of a zone."}, partsOf(printNetworks)},
			{"sync", "", 0, []string{"Have all hosts given the newest probes. For the administrator."}, zoneSync},
			{"list", "[ -x ] [ -v ]", 0, []string{"List all zones."}, lister("zone.pool", "ZONE", []column{idColumn(), {"NAME", 30, false, (*node).label}})},
			{"show", "[ -x ] [ -v ] <zone_name> [ <zone_name> ... ]", 1, []string{"Show zones."}, shower{(*session).zoneID, "zone.info", showZone}.run},
		},
	}
}

// readDefinition reads a definition file.
func readDefinition(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", failf("Can't read definition file: %s", file)
	}
	return string(text), nil
}

func zoneCreate(s *session, args []string) error {
	definition, err := readDefinition(args[0])
	if err != nil {
		return err
	}
	answer, err := s.call("zone.allocate", definition)
	if err != nil {
		return err
	}
	made, err := s.document("zone.info", answer.ID)
	if err != nil {
		return err
	}
	s.say("Zone created: %s", made.label())
	return nil
}

// toZone calls a method for a zone with each of the other arguments.
func toZone(method, done string) func(*session, []string) error {
	return func(s *session, args []string) error {
		id, err := s.zoneID(args[0])
		if err != nil {
			return err
		}
		for _, word := range args[1:] {
			if _, err := s.call(method, id, word); err != nil {
				return err
			}
			s.say(done, word, args[0])
		}
		return nil
	}
}

func zoneAddVnet(s *session, args []string) error {
	id, err := s.zoneID(args[0])
	if err != nil {
		return err
	}
	for _, file := range args[1:] {
		definition, err := readDefinition(file)
		if err != nil {
			return err
		}
		if _, err := s.call("zone.add_vnet", id, definition); err != nil {
			return err
		}
		s.say("VirtualNetwork[%s::%s] is added to ZONE[%s].", args[0], nameIn(definition), args[0])
	}
	return nil
}

// nameIn is the name in a definition that the server has accepted.
func nameIn(definition string) string {
	var d struct {
		Name string `yaml:"name"`
	}
	if yaml.Unmarshal([]byte(definition), &d) != nil {
		return ""
	}
	return d.Name
}

func zoneSync(s *session, _ []string) error {
	if _, err := s.call("zone.sync"); err != nil {
		return err
	}
	s.puts("Sync is done.")
	return nil
}

// partsOf prints one part of a zone, with its name.
func partsOf(print func(s *session, zone *node, suffix string)) func(*session, []string) error {
	return func(s *session, args []string) error {
		id, err := s.zoneID(args[0])
		if err != nil {
			return err
		}
		zone, err := s.document("zone.info", id)
		if err != nil {
			return err
		}
		print(s, zone, " - "+zone.label())
		return nil
	}
}

func printHosts(s *session, zone *node, suffix string) {
	s.names("HOSTS"+suffix, zone.all(zoneHosts), "no hosts")
}

func printNetworks(s *session, zone *node, suffix string) {
	s.names("NETWORKS"+suffix, zone.all(zoneNetworks), "no networks")
}

// names prints names with a heading.
func (s *session) names(heading string, list []*node, none string) {
	s.heading(heading)
	for _, n := range list {
		s.puts(n.label())
	}
	if len(list) == 0 {
		s.puts(none)
	}
}

func showZone(s *session, n *node) {
	s.heading("ZONE INFORMATION")
	f := s.fields()
	f.more("ID", n.id())
	f.put("NAME", n.label())
	s.puts("")
	printHosts(s, n, "")
	s.puts("")
	printNetworks(s, n, "")
}
