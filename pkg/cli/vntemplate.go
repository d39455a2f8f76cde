package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

func vntemplateNoun() *noun {
	n := &noun{
		name: "vntemplate", program: "onevntemplate", element: "VNTEMPLATE", title: "network template",
		method: "one.vntemplate.", pool: "one.vntemplatepool.info", scoped: true,
		defaults: strings.Fields("ID USER GROUP NAME REGTIME"),
		columns:  templateColumns(),
		show:     showVNTemplate,
	}
	n.verbs = slices.Concat([]verb{
		list(n), top(n), show(n), vntemplateCreate(n), deleteVerb(n), vntemplateClone(n), vntemplateInstantiate(), rename(n), update(n, "TEMPLATE"),
	}, ownedVerbs(n), lockVerbs(n, "VN Template"))
	return n
}

func vntemplateCreate(n *noun) verb {
	return create(n, templateOptions{}, nil, func(_ *session, _ *input, text string) (request, error) {
		return call("one.vntemplate.allocate", text), nil
	})
}

func vntemplateClone(n *noun) verb {
	return action("clone", "cloned", "Copy a network template", nil, word("name")).
		answering("ID", func(in *input, id int) (request, error) { return call(n.method+"clone", id, in.word(1)), nil })
}

// vntemplateInstantiate creates networks from a template. The options for an address range give
// the network its first one.
func vntemplateInstantiate() verb {
	return verb{
		name: "instantiate", short: "Create networks from a network template",
		args: []arg{object, file},
		flags: func(f *pflag.FlagSet) {
			f.String("name", "", "name of the network; %i becomes its number, from 0")
			f.IntP("multiple", "m", 1, "how many networks to create")
			rangeFlags(f)
		},
		run: runVNTemplateInstantiate,
	}
}

func runVNTemplateInstantiate(s *session, in *input) error {
	if in.int("multiple") < 1 {
		return fmt.Errorf("--multiple %d: give at least 1", in.int("multiple"))
	}
	extra, err := s.networkTemplate(in)
	if err != nil {
		return err
	}
	for i := range in.int("multiple") {
		name := strings.ReplaceAll(in.text("name"), "%i", itoa(int64(i)))
		answer, err := s.call(call("one.vntemplate.instantiate", in.id(), name, extra))
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "VN ID: %d\n", answer.ID)
		s.tell(in.noun, in.id(), "instantiated")
	}
	return nil
}

// networkTemplate is what differs from the template: from a file or standard input, and the
// address range of the options.
func (s *session) networkTemplate(in *input) (text string, err error) {
	if in.word(1) != "" {
		text, err = readFile(in.word(1))
	} else {
		text, err = pipedAlready(s.io.In)
	}
	if err != nil || len((templateOptions{flags: rangeFlags}).used(in)) == 0 {
		return text, err
	}
	ar, err := newRange(in)
	return join(text, ar), err
}

func showVNTemplate(p *page, n *node) {
	p.form = "%-15s: %-20s"
	showTemplate(p, n)
}
