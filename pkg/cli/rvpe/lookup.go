package rvpe

import "strconv"

// idOf answers the ID of an object given by name, which a method looks up, or by ID, which
// consists of digits.
func (s *session) idOf(method, word string) (int, error) {
	if digits.MatchString(word) {
		return strconv.Atoi(word)
	}
	answer, err := s.call(method, word)
	return answer.ID, err
}

func (s *session) userID(word string) (int, error)  { return s.idOf("user.ask_id", word) }
func (s *session) imageID(word string) (int, error) { return s.idOf("image.ask_id", word) }
func (s *session) vmID(word string) (int, error)    { return s.idOf("vm.ask_id", word) }
func (s *session) typeID(word string) (int, error)  { return s.idOf("vmtype.ask_id", word) }
func (s *session) zoneID(word string) (int, error)  { return s.idOf("zone.ask_id", word) }
func (s *session) leaseID(word string) (int, error) { return s.idOf("lease.ask_id", word) }

// Paths of a zone's parts.
const (
	zoneHosts    = "HOSTS/HOST"
	zoneNetworks = "NETWORKS/NETWORK"
)

// inZone lists the parts of a zone with a path: all, or those with these names.
func (s *session) inZone(path, zone string, names []string) ([]int, error) {
	z, err := s.zone(zone)
	if err != nil {
		return nil, err
	}
	there := z.all(path)
	var ids []int
	for _, name := range names {
		id, ok := idNamed(there, name)
		if !ok { // the message says Host even for networks
			return nil, failf("Host[%s] is not found in Zone[%s].", name, zone)
		}
		ids = append(ids, id)
	}
	if len(names) == 0 {
		for _, n := range there {
			ids = append(ids, n.int("ID"))
		}
	}
	return ids, nil
}

// oneInZone is inZone for one name.
func (s *session) oneInZone(path, zone, name string) (int, error) {
	ids, err := s.inZone(path, zone, []string{name})
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}

func idNamed(list []*node, name string) (int, bool) {
	for _, n := range list {
		if n.label() == name {
			return n.int("ID"), true
		}
	}
	return 0, false
}

// zone finds a zone by name or ID in the pool.
func (s *session) zone(word string) (*node, error) {
	pool, err := s.document("zone.pool")
	if err != nil {
		return nil, err
	}
	key := "NAME"
	if digits.MatchString(word) {
		key = "ID"
	}
	var found []*node
	for _, z := range pool.all("ZONE") {
		if z.get(key) == word {
			found = append(found, z)
		}
	}
	switch len(found) {
	case 0:
		return nil, failf("Zone[%s] is not found.", word)
	case 1:
		return found[0], nil
	}
	return nil, failf("There are multiple zone's with name %s.", word)
}

// Filter flags of pools.
const (
	flagMine = -1
	flagAll  = -2
)

// whose parses the argument of list: all, mine, or a user. Without argument, or with several,
// it is mine.
func (s *session) whose(args []string) (int, error) {
	if len(args) != 1 {
		return flagMine, nil
	}
	switch args[0] {
	case "all", "a":
		return flagAll, nil
	case "mine", "m":
		return flagMine, nil
	}
	return s.userID(args[0])
}

// each works on several objects, and ends with the first that fails.
func (s *session) each(words []string, id func(string) (int, error), do func(id int, word string) error) error {
	for _, word := range words {
		n, err := id(word)
		if err != nil {
			return err
		}
		if err := do(n, word); err != nil {
			return err
		}
	}
	return nil
}
