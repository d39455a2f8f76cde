package rvpe

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// option is an option of a program.
type option struct {
	short byte
	long  string   // "" for none
	value string   // name of its argument, "" if it has none
	help  []string // lines of the help text
	set   func(s *session, value string)
}

// Options of most programs.
var (
	xmlOption     = option{short: 'x', long: "xml", help: []string{": print XML"}, set: func(s *session, _ string) { s.xml = true }}
	verboseOption = option{short: 'v', help: []string{": print more, IDs among it"}, set: func(s *session, _ string) { s.verbose = true }}
	helpOption    = option{short: 'h', long: "help", help: []string{": print this text"}, set: func(s *session, _ string) { s.help = true }}
)

// summary is the option's help text.
func (o option) summary() string {
	flags := "-" + string(o.short)
	if o.long != "" {
		flags += ", --" + o.long
	}
	if o.value != "" {
		flags += " " + o.value
	}
	var b strings.Builder
	for _, line := range o.help {
		fmt.Fprintf(&b, "    %-32s %s\n", flags, line)
		flags = ""
	}
	return b.String()
}

// parse sets options and answers the other arguments, as Ruby's OptionParser: options may be
// anywhere before --, short ones may be combined, and long ones abbreviated.
func parse(s *session, options []option, args []string) (rest []string, err error) {
	inOrder := os.Getenv("POSIXLY_CORRECT") != ""
	for len(args) > 0 && err == nil && !s.help {
		word := args[0]
		args = args[1:]
		switch {
		case word == "--":
			return append(rest, args...), nil
		case strings.HasPrefix(word, "--"):
			err = parseLong(s, options, word)
		case len(word) > 1 && word[0] == '-':
			args, err = parseShort(s, options, word, args)
		default:
			rest = append(rest, word)
			if inOrder {
				return append(rest, args...), nil
			}
		}
	}
	return rest, err
}

func parseLong(s *session, options []option, word string) error {
	name, _, hasValue := strings.Cut(word[2:], "=")
	o, found := longOption(options, name)
	switch {
	case !found:
		return misusef("invalid option: %s", word)
	case hasValue: // options without long names have no argument
		return misusef("needless argument: %s", word)
	}
	o.set(s, "")
	return nil
}

// longOption finds the only option whose name has this prefix.
func longOption(options []option, name string) (found option, ok bool) {
	for _, o := range options {
		if o.long == "" || name == "" || !strings.HasPrefix(o.long, name) {
			continue
		}
		if o.long == name {
			return o, true
		}
		if ok {
			return option{}, false
		}
		found, ok = o, true
	}
	return found, ok
}

// parseShort parses a word of short options; the argument of the last is the rest of the word,
// or the next word.
func parseShort(s *session, options []option, word string, args []string) ([]string, error) {
	for i := 1; i < len(word); i++ {
		o, found := shortOption(options, word[i])
		rest := word[i+1:]
		switch {
		case !found:
			return nil, misusef("invalid option: -%s", word[i:])
		case o.value != "" && rest != "":
			o.set(s, rest)
			return args, nil
		case o.value != "" && len(args) == 0:
			return nil, misusef("missing argument: -%c", o.short)
		case o.value != "":
			o.set(s, args[0])
			return args[1:], nil
		case strings.HasPrefix(rest, "="):
			return nil, misusef("needless argument: -%s", word[i:])
		}
		if o.set(s, ""); s.help {
			break
		}
	}
	return args, nil
}

func shortOption(options []option, letter byte) (option, bool) {
	for _, o := range options {
		if o.short == letter {
			return o, true
		}
	}
	return option{}, false
}

// misuse is an error of the command line, after which the help is mentioned.
type misuse string

func (m misuse) Error() string { return string(m) }

func misusef(format string, args ...any) error { return misuse(fmt.Sprintf(format, args...)) }

// isMisuse tells whether an error is one of the command line.
func isMisuse(err error) bool { return errors.As(err, new(misuse)) }
