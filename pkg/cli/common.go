package cli

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// ownedVerbs are the verbs of all objects with an owner and permissions.
func ownedVerbs(n *noun) []verb {
	return []verb{chmod(n), chown(n), chgrp(n)}
}

func rename(n *noun) verb {
	return action("rename", "renamed", "Rename a "+n.title, func(in *input, id int) (request, error) {
		return call(n.method+"rename", id, in.word(1)), nil
	}, word("name")).single()
}

func deleteVerb(n *noun) verb {
	return action("delete", "deleted", "Delete "+n.title+"s", func(in *input, id int) (request, error) {
		return call(n.method+"delete", id), nil
	})
}

func chown(n *noun) verb {
	return action("chown", "Owner/Group changed", "Change owner and group",
		func(in *input, id int) (request, error) {
			return call(n.method+"chown", id, in.number(1, -1), in.number(2, -1)), nil
		}, ref("user", "USER"), ref("group", "GROUP").orNone())
}

func chgrp(n *noun) verb {
	return action("chgrp", "Group changed", "Change the group",
		func(in *input, id int) (request, error) {
			return call(n.method+"chown", id, -1, in.number(1, -1)), nil
		}, ref("group", "GROUP"))
}

func chmod(n *noun) verb {
	return action("chmod", "Permissions changed", "Change the permissions",
		func(in *input, id int) (request, error) {
			bits, err := permissionBits(in.word(1))
			return call(n.method+"chmod", append([]any{id}, bits...)...), err
		}, word("octet")).explained(`Change the permissions.

The octet has a digit each for owner, group and others; in each, 4 is use,
2 manage and 1 administer, as in 640. u=rw,g=r,o= says the same.`)
}

var octetForm = regexp.MustCompile(`^[0-7]{3}$`)

// permissionBits are the nine arguments of chmod.
func permissionBits(text string) ([]any, error) {
	octet, err := octetOf(text)
	if err != nil {
		return nil, err
	}
	var bits []any
	for _, digit := range octet {
		for _, right := range []rune{4, 2, 1} {
			bit := 0
			if (digit-'0')&right != 0 {
				bit = 1
			}
			bits = append(bits, bit)
		}
	}
	return bits, nil
}

// octetOf parses 640, or u=rw,g=r, in which classes that are not mentioned get no rights.
func octetOf(text string) (string, error) {
	if octetForm.MatchString(text) {
		return text, nil
	}
	digits := map[string]int{}
	for _, part := range strings.Split(text, ",") {
		who, rights, ok := strings.Cut(part, "=")
		if !ok || !strings.Contains("ugo", who) || len(who) != 1 || strings.Trim(rights, "rwx") != "" {
			return "", fmt.Errorf("permissions %q: write three octal digits such as 640, or u=rw,g=r", text)
		}
		for i, letter := range "xwr" {
			if strings.ContainsRune(rights, letter) {
				digits[who] |= 1 << i
			}
		}
	}
	return fmt.Sprintf("%d%d%d", digits["u"], digits["g"], digits["o"]), nil
}

func lockVerbs(n *noun, word string) []verb {
	lock := action("lock", word+" locked", "Lock "+n.title+"s against changes",
		func(in *input, id int) (request, error) {
			return call(n.method+"lock", id, lockOption(in), false), nil
		}).with(func(f *pflag.FlagSet) {
		f.Bool("use", false, "lock use, manage and admin actions (default)")
		f.Bool("manage", false, "lock manage and admin actions")
		f.Bool("admin", false, "lock admin actions")
		f.Bool("all", false, "lock all actions")
	})
	unlock := action("unlock", word+" unlocked", "Unlock "+n.title+"s",
		func(_ *input, id int) (request, error) { return call(n.method+"unlock", id), nil })
	return []verb{lock, unlock}
}

func lockOption(in *input) int {
	for level, name := range []string{"use", "manage", "admin", "all"} {
		if in.bool(name) {
			return level + 1
		}
	}
	return 1
}

// enableVerbs are enable and disable, for a method with a boolean.
func enableVerbs(n *noun) []verb {
	set := func(on bool) func(*input, int) (request, error) {
		return func(_ *input, id int) (request, error) { return call(n.method+"enable", id, on), nil }
	}
	return []verb{
		action("enable", "enabled", "Enable "+n.title+"s", set(true)),
		action("disable", "disabled", "Disable "+n.title+"s", set(false)),
	}
}

// identifier parses a word that has to be a number.
func identifier(text, what string) (int, error) {
	id, err := strconv.Atoi(text)
	if err != nil || id < 0 {
		return 0, fmt.Errorf("%s %q is not an ID", what, text)
	}
	return id, nil
}
