package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// noun describes a kind of object to the verbs that all kinds share.
type noun struct {
	name     string // of the command below renkei
	program  string // of OpenNebula's command, such as onevm
	element  string // XML element; also used in messages
	method   string // prefix of its methods
	pool     string // method that lists it
	title    string // for help texts
	scoped   bool   // its pool method has a filter flag and a range of IDs
	columns  []column
	defaults []string // default columns of the list
	show     func(p *page, n *node)
	verbs    []verb
	main     *verb  // the command itself, if it has no verbs
	noShort  string // letters that its options use otherwise than common options do
}

// nouns are all kinds of objects that have commands.
func nouns() []*noun {
	return []*noun{
		vmNoun(), imageNoun(), hostNoun(), vnetNoun(), templateNoun(), userNoun(), groupNoun(),
		clusterNoun(), datastoreNoun(), aclNoun(), zoneNoun(), hookNoun(), secgroupNoun(), vdcNoun(), vntemplateNoun(),
		vrouterNoun(), vmgroupNoun(), marketNoun(), marketappNoun(), backupjobNoun(), acctNoun(), showbackNoun(),
	}
}

// Nouns makes the commands of all nouns, for a root command.
func Nouns(io Stdio) []*cobra.Command {
	var commands []*cobra.Command
	for _, n := range nouns() {
		commands = append(commands, n.command(n.name, io))
	}
	return commands
}

// forName finds the noun for a program's path: onevm for VMs, and so on.
func forName(argv0 string, io Stdio) (*cobra.Command, bool) {
	name := argv0[strings.LastIndexByte(argv0, '/')+1:]
	for _, n := range nouns() {
		if n.program == name {
			return n.command(name, io), true
		}
	}
	return nil, false
}

func (n *noun) command(use string, io Stdio) *cobra.Command {
	if n.main != nil {
		cmd := n.main.command(n, io)
		cmd.Use = use
		n.clientFlags(cmd)
		return cmd
	}
	cmd := &cobra.Command{
		Use:           use,
		Short:         "Work with " + n.title + "s",
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          unknownVerb,
	}
	cmd.SuggestionsMinimumDistance = 2 // for suggestions after a typo
	n.clientFlags(cmd)
	for _, v := range n.verbs {
		cmd.AddCommand(v.command(n, io))
	}
	return cmd
}

// unknownVerb runs if no verb matches.
func unknownVerb(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	hint := "see " + cmd.CommandPath() + " --help"
	if like := cmd.SuggestionsFor(args[0]); len(like) > 0 {
		hint = "did you mean " + strings.Join(like, " or ") + "?"
	}
	return fmt.Errorf("unknown command %q for %q: %s", args[0], cmd.CommandPath(), hint)
}

func (n *noun) clientFlags(cmd *cobra.Command) {
	flags := cmd.PersistentFlags()
	if strings.Contains(n.noShort, "v") {
		flags.Bool("verbose", false, "say what was done")
	} else {
		flags.BoolP("verbose", "v", false, "say what was done")
	}
	flags.String("user", "", "user name to connect with")
	flags.String("password", "", "password of that user")
	flags.String("endpoint", "", "URL of the server")
}

// listRequest lists the objects for a filter flag (see pool.go).
func (n *noun) listRequest(flag int) request {
	switch {
	case n.element == "VM":
		return call(n.pool, flag, -1, -1, -1)
	case n.scoped:
		return call(n.pool, flag, -1, -1)
	}
	return call(n.pool)
}

func (n *noun) infoRequest(id int) request { return call(n.method+"info", id, false) }

// columnSet finds columns by name.
func (n *noun) columnSet(names []string) ([]column, error) {
	var set []column
	for _, name := range names {
		i := columnIndex(n.columns, name)
		if i < 0 {
			return nil, fmt.Errorf("column %s not defined; see %s list --describe", strings.ToUpper(name), n.program)
		}
		set = append(set, n.columns[i])
	}
	return set, nil
}
