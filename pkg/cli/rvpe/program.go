package rvpe

import (
	"fmt"
	"path/filepath"
	"strings"
)

// program is a command of RENKEI-VPE.
type program struct {
	name     string
	purpose  string   // in half a sentence
	about    []string // lines of the help text
	synopsis []string // of the arguments; empty is the usual one
	options  []option
	commands []command
	run      func(s *session, args []string) error // if it has no commands
}

// command is a subcommand of a program.
type command struct {
	name  string
	usage string   // of its arguments
	needs int      // how many arguments it requires
	help  []string // lines of the help text
	run   func(s *session, args []string) error
}

// programs are all programs, in the order of their names.
func programs() []program {
	return []program{
		hostProgram(), imageProgram(), leaseProgram(), userProgram(), vmProgram(),
		vmtypeProgram(), vnetProgram(), zoneProgram(), vmkillerProgram(),
	}
}

// Names are the names of all programs.
func Names() []string {
	var names []string
	for _, p := range programs() {
		names = append(names, p.name)
	}
	return names
}

// named finds the program for the name that the process was started with.
func named(path string) (program, bool) {
	name := filepath.Base(path)
	for _, p := range programs() {
		if p.name == name {
			return p, true
		}
	}
	return program{}, false
}

// dispatch runs the command that the first argument names.
func (p program) dispatch(s *session, args []string) error {
	if p.run != nil {
		return p.run(s, args)
	}
	word := ""
	if len(args) > 0 {
		word, args = args[0], args[1:]
	}
	if word == "help" {
		s.print(p.help())
		return nil
	}
	for _, c := range p.commands {
		if c.name == word {
			return c.start(s, args)
		}
	}
	return misusef("Unknown command: %s", word)
}

func (c command) start(s *session, args []string) error {
	switch {
	case len(args) >= c.needs:
		return c.run(s, args)
	case c.needs == 1:
		return failf("Command %s requires one parameter to run", c.name)
	default:
		return failf("Command %s requires %d parameters to run.", c.name, c.needs)
	}
}

// help is printed by `help` and -h.
func (p program) help() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Name\n    %s - %s\n\nSynopsis\n", p.name, p.purpose)
	synopsis := p.synopsis
	if len(synopsis) == 0 {
		synopsis = []string{"<command> [ options ]"}
	}
	for _, line := range synopsis {
		fmt.Fprintf(&b, "    %s %s\n", p.name, line)
	}
	fmt.Fprintf(&b, "\nDescription\n%s", indented(4, p.about))
	if len(p.commands) > 0 {
		b.WriteString(commandsHelp(p.commands))
	}
	b.WriteString(environmentHelp)
	for _, o := range p.options {
		b.WriteString(o.summary())
	}
	return b.String()
}

func commandsHelp(commands []command) string {
	var b strings.Builder
	b.WriteString("\nCommands\n")
	for _, c := range commands {
		fmt.Fprintf(&b, "    %s\n%s\n", strings.TrimSpace(c.name+" "+c.usage), indented(8, c.help))
	}
	b.WriteString("    help\n        Print this text.\n")
	return b.String()
}

const environmentHelp = `
Environment Variables
    ONE_AUTH
        File with user:password; ~/.rvpe_env/one_auth when it names none.
    RVPE_XMLRPC
        URL of the server; http://localhost:3111/ when it is not set.
    RVPE_RPC_TIMEOUT
        Seconds to wait for the server, 30 when it is not set.

Options
`

func indented(columns int, lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		fmt.Fprintf(&b, "%*s%s\n", columns, "", line)
	}
	return b.String()
}
