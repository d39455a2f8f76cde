package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// abbreviations completes abbreviated options, such as --multi for --multiple, which
// OpenNebula's commands accept. A word that is the beginning of no option, or of several,
// stays as it is, and is refused by the name that was typed (docs/adr/0095).
func abbreviations(root *cobra.Command, args []string) []string {
	cmd, _, err := root.Find(args)
	if err != nil {
		return args
	}
	cmd.InitDefaultHelpFlag()
	_ = cmd.InheritedFlags() // makes the options of commands above known
	full := append([]string(nil), args...)
	for i, word := range full {
		if word == "--" {
			break
		}
		name, rest, valued := strings.Cut(strings.TrimPrefix(word, "--"), "=")
		if !strings.HasPrefix(word, "--") || cmd.Flag(name) != nil {
			continue
		}
		if found := beginning(cmd, name); found != "" {
			full[i] = "--" + found
			if valued {
				full[i] += "=" + rest
			}
		}
	}
	return full
}

// beginning answers the one option that begins with a text.
func beginning(cmd *cobra.Command, text string) string {
	var found []string
	add := func(f *pflag.Flag) {
		if strings.HasPrefix(f.Name, text) {
			found = append(found, f.Name)
		}
	}
	cmd.LocalFlags().VisitAll(add)
	cmd.InheritedFlags().VisitAll(add)
	if len(found) != 1 {
		return ""
	}
	return found[0]
}
