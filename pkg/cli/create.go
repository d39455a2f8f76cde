package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"
)

// given is the template of a new object: from a file, from options or from standard input.
// Options together with a file are refused, as it is unclear which of them should win.
func (s *session) given(in *input, path string, options templateOptions) (string, error) {
	used := options.used(in)
	switch {
	case path != "" && len(used) > 0:
		return "", sayf("You cannot pass a template file and use template creation options, conflicting options: %s.", idsOf(used))
	case path != "":
		return readFile(path)
	case len(used) > 0:
		return options.build(in)
	}
	text, err := piped(s.io.In)
	if text == "" && err == nil {
		err = errors.New("no template: name a file, pipe one in" + options.hint())
	}
	return text, err
}

// templateOptions are the options of a create verb that stand for attributes.
type templateOptions struct {
	flags func(f *pflag.FlagSet)
	build func(in *input) (string, error)
}

func (o templateOptions) used(in *input) []string {
	if o.flags == nil {
		return nil
	}
	known := pflag.NewFlagSet("", pflag.ContinueOnError)
	o.flags(known)
	var used []string
	known.VisitAll(func(f *pflag.Flag) {
		if in.given(f.Name) {
			used = append(used, f.Name)
		}
	})
	return used
}

func (o templateOptions) help() string {
	if o.flags == nil {
		return ""
	}
	return "\nOptions such as --name can take its place; --dry shows the template that they stand for."
}

func (o templateOptions) hint() string {
	if o.flags == nil {
		return ""
	}
	return ", or give options such as --name (see --help)"
}

// create is the verb that creates an object from a template. ask makes the call; more are
// options besides those for attributes.
func create(n *noun, options templateOptions, more func(f *pflag.FlagSet), ask func(s *session, in *input, text string) (request, error)) verb {
	return verb{
		name: "create", short: "Create a " + n.title,
		long: "Create a " + n.title + " from a template: a file, or the input." + options.help(),
		args: []arg{file},
		flags: func(f *pflag.FlagSet) {
			f.Bool("dry", false, "just print the template")
			for _, add := range []func(*pflag.FlagSet){options.flags, more} {
				if add != nil {
					add(f)
				}
			}
		},
		run: func(s *session, in *input) error {
			text, err := s.given(in, in.word(0), options)
			if err != nil {
				return err
			}
			if in.bool("dry") {
				fmt.Fprintln(s.out, text)
				return nil
			}
			r, err := ask(s, in, text)
			if err != nil {
				return err
			}
			return s.makeOne(r)
		},
	}
}

// makeOne makes the call and prints the new object's ID.
func (s *session) makeOne(r request) error {
	answer, err := s.call(r)
	if err == nil {
		fmt.Fprintf(s.out, "ID: %d\n", answer.ID)
	}
	return err
}
