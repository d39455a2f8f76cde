package cli

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Filter flags of pool calls.
const (
	allObjects   = -2
	ownObjects   = -3
	groupObjects = -1
	primaryGroup = -4
)

var (
	digits    = regexp.MustCompile(`^[0-9]+$`)
	rangeForm = regexp.MustCompile(`^(?:[0-9]+(?:\.\.[0-9]+)?,)*[0-9]+(?:\.\.[0-9]+)?$`)
)

// maxRange keeps a typo in a range from causing a million calls.
const maxRange = 100_000

// find is the ID of an object given by ID or by unique name.
func (s *session) find(n *noun, text string) (int, error) {
	if digits.MatchString(text) {
		return strconv.Atoi(text)
	}
	pool, err := s.objects(n)
	if err != nil {
		return 0, err
	}
	return n.named(pool, text)
}

// findAll parses a range such as 1,5..7 or a list of names and IDs.
func (s *session) findAll(n *noun, text string) ([]int, error) {
	if plain := strings.ReplaceAll(text, " ", ""); rangeForm.MatchString(plain) {
		return parseRange(plain)
	}
	pool, err := s.objects(n)
	if err != nil {
		return nil, err
	}
	var ids []int
	for _, name := range strings.Split(text, ",") {
		id, err := n.idIn(pool, name)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func (n *noun) idIn(pool []*node, name string) (int, error) {
	if digits.MatchString(name) {
		return strconv.Atoi(name)
	}
	return n.named(pool, name)
}

// objects are all objects of a kind that the user may see.
func (s *session) objects(n *noun) ([]*node, error) {
	root, _, err := s.read(n.listRequest(allObjects))
	return root.all(n.element), err
}

func (n *noun) named(pool []*node, name string) (int, error) {
	var found []*node
	for _, object := range pool {
		if object.get("NAME") == name {
			found = append(found, object)
		}
	}
	switch len(found) {
	case 0:
		return 0, sayf("%s named %s not found.", n.element, name)
	case 1:
		return int(found[0].int("ID")), nil
	}
	return 0, sayf("There are multiple %ss with name %s.", n.element, name)
}

func parseRange(text string) ([]int, error) {
	var ids []int
	seen := map[int]bool{}
	for _, part := range strings.Split(text, ",") {
		from, to, isRange := strings.Cut(part, "..")
		if !isRange {
			to = from
		}
		first, err := strconv.Atoi(from)
		if err != nil {
			return nil, fmt.Errorf("range %s: %w", part, err)
		}
		last, err := strconv.Atoi(to)
		if err != nil {
			return nil, fmt.Errorf("range %s: %w", part, err)
		}
		if last < first || last-first >= maxRange {
			return nil, fmt.Errorf("range %s: write the smaller ID first, and at most %d IDs", part, maxRange)
		}
		for id := first; id <= last; id++ {
			if !seen[id] {
				ids = append(ids, id)
			}
			seen[id] = true
		}
	}
	return ids, nil
}

// nounOf finds a noun by its XML element.
func nounOf(element string) *noun {
	for _, n := range nouns() {
		if n.element == element {
			return n
		}
	}
	panic("cli: no noun has the element " + element) // an error in a table of arguments
}
