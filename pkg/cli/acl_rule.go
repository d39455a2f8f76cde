package cli

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// aclResources are the kinds of objects in rules, by their bits: 36 for VMs and upwards.
func aclResources() map[string]int {
	return map[string]int{
		"VM": 36, "HOST": 37, "NET": 38, "IMAGE": 39, "USER": 40, "TEMPLATE": 41, "GROUP": 42, "DATASTORE": 44,
		"CLUSTER": 45, "DOCUMENT": 46, "ZONE": 47, "SECGROUP": 48, "VDC": 49, "VROUTER": 50, "MARKETPLACE": 51,
		"MARKETPLACEAPP": 52, "VMGROUP": 53, "VNTEMPLATE": 54, "BACKUPJOB": 56,
	}
}

func aclRights() map[string]int {
	return map[string]int{"USE": 0, "MANAGE": 1, "ADMIN": 2, "CREATE": 3}
}

// parseRule parses a rule such as "@105 VM+IMAGE/* USE+CREATE #0" to the hexadecimal numbers of
// one.acl.addrule: user, resource, rights and zone. The default zone is the server's choice.
func parseRule(rule string) ([]any, error) {
	words := strings.Fields(rule)
	if len(words) != 3 && len(words) != 4 {
		return nil, fmt.Errorf("rule %q: write user, resource/id, rights and perhaps a zone, as in \"@105 VM/* USE\"", rule)
	}
	user, err := aclID(words[0])
	if err != nil {
		return nil, err
	}
	kinds, id, ok := strings.Cut(words[1], "/")
	if !ok {
		return nil, fmt.Errorf("resource '%s' malformed: write kinds/ID, as in VM+NET/#5", words[1])
	}
	resource, err := aclBits(kinds, aclResources(), "Resource")
	if err != nil {
		return nil, err
	}
	which, err := aclID(id)
	if err != nil {
		return nil, err
	}
	rights, err := aclBits(words[2], aclRights(), "Right")
	if err != nil {
		return nil, err
	}
	numbers := []any{hex(user), hex(resource + which), hex(rights)}
	if len(words) == 3 {
		return append(numbers, ""), nil
	}
	zone, err := aclID(words[3])
	return append(numbers, hex(zone)), err
}

var aclIDForm = regexp.MustCompile(`^(?:[#@%][0-9]+|\*)$`)

// aclID parses #5 (an object), @5 (those of a group), %5 (those in a cluster) or * (all).
func aclID(text string) (uint64, error) {
	if !aclIDForm.MatchString(text) {
		return 0, fmt.Errorf("ID string '%s' malformed: write #ID, @group, %%cluster or *", text)
	}
	base := map[byte]uint64{'#': 1 << 32, '@': 1 << 33, '*': 1 << 34, '%': 1 << 35}[text[0]]
	if text == "*" {
		return base, nil
	}
	id, err := strconv.ParseUint(text[1:], 10, 31)
	return base + id, err
}

func aclBits(text string, known map[string]int, what string) (uint64, error) {
	var bits uint64
	for _, word := range strings.Split(text, "+") {
		bit, ok := known[strings.ToUpper(word)]
		if !ok {
			return 0, fmt.Errorf("%s '%s' does not exist", what, word)
		}
		bits |= 1 << bit
	}
	return bits, nil
}

func hex(value uint64) string { return strconv.FormatUint(value, 16) }
