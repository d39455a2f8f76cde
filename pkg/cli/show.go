package cli

import "github.com/spf13/pflag"

// show is the verb that prints one object.
func show(n *noun) verb {
	return verb{
		name: "show", short: "Show a " + n.title,
		args: []arg{object},
		flags: func(f *pflag.FlagSet) {
			formatFlags(f)
			f.Bool("decrypt", false, "show encrypted attributes in plain (administrators)")
		},
		run: func(s *session, in *input) error { return runShow(s, in, in.id()) },
	}
}

// runShow prints the object with an ID, which may be one that the server treats as the caller's
// own (-1).
func runShow(s *session, in *input, id int) error {
	r := in.noun.infoRequest(id)
	extended, decrypt := in.bool("extended"), in.bool("decrypt")
	if extended || decrypt {
		r.params = []any{id, true}
	}
	if decrypt && in.flags.Lookup("extended") != nil { // VM templates have one more parameter
		r.params = []any{id, extended, true}
	}
	object, text, err := s.read(r)
	if err != nil {
		return err
	}
	if done, err := s.printFormat(in, object, text); done {
		return err
	}
	p := &page{
		out: s.out, session: s, paint: s.painter(), form: "%-15s: %-20s",
		all: in.bool("all"), ars: in.bool("show-ar"),
	}
	in.noun.show(p, object)
	return nil
}

// showAll is show with the parts of the template that have tables of their own.
func showAll(n *noun) verb {
	v := show(n)
	common := v.flags
	return v.with(func(f *pflag.FlagSet) {
		common(f)
		f.Bool("all", false, "also the parts of the template that have a table of their own")
	})
}
