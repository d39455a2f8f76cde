package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

func templateNoun() *noun {
	n := &noun{
		name: "template", program: "onetemplate", element: "VMTEMPLATE", title: "VM template",
		method: "one.template.", pool: "one.templatepool.info", scoped: true,
		defaults: strings.Fields("ID USER GROUP NAME REGTIME"),
		columns:  templateColumns(),
		show:     showTemplate,
	}
	n.verbs = slices.Concat(
		[]verb{list(n), top(n), templateShow(n), templateCreate(n), templateDelete(), templateClone(), instantiate()},
		[]verb{rename(n), update(n, "TEMPLATE"), templateChmod(), chown(n), chgrp(n)}, lockVerbs(n, "Template"),
	)
	return n
}

// templateColumns are the columns of VM templates and network templates.
func templateColumns() []column {
	return []column{
		{"ID", "ONE identifier for the Template", 4, adjust, text("ID")},
		{"NAME", "Name of the Template", 15, left | expand, text("NAME")},
		{"USER", "Username of the Template owner", 8, left, ownerName},
		{"GROUP", "Group of the Template", 8, left, groupName},
		{"REGTIME", "Registration time of the Template", 15, 0, timeOf("REGTIME")},
	}
}

func templateShow(n *noun) verb {
	v := show(n)
	common := v.flags
	return v.with(func(f *pflag.FlagSet) {
		common(f)
		f.Bool("extended", false, "with what its images and networks add, such as the size of disks")
	})
}

func templateCreate(n *noun) verb {
	return create(n, vmOptions(), nil, func(_ *session, _ *input, text string) (request, error) {
		return call("one.template.allocate", text), nil
	})
}

func recursiveFlag(f *pflag.FlagSet) {
	f.BoolP("recursive", "R", false, "also the images of its disks")
}

func templateDelete() verb {
	return action("delete", "deleted", "Delete VM templates", func(in *input, id int) (request, error) {
		return call("one.template.delete", id, in.bool("recursive")), nil
	}).with(recursiveFlag)
}

func templateClone() verb {
	return action("clone", "cloned", "Copy a VM template", nil, word("name")).
		answering("ID", func(in *input, id int) (request, error) {
			return call("one.template.clone", id, in.word(1), in.bool("recursive")), nil
		}).with(recursiveFlag)
}

func templateChmod() verb {
	return action("chmod", "Permissions changed", "Change the permissions", func(in *input, id int) (request, error) {
		bits, err := permissionBits(in.word(1))
		params := append(append([]any{id}, bits...), in.bool("recursive"))
		return call("one.template.chmod", params...), err
	}, word("octet")).with(recursiveFlag)
}

func showTemplate(p *page, n *node) {
	p.title("TEMPLATE " + n.get("ID") + " INFORMATION")
	p.line("ID", n.get("ID"))
	p.line("NAME", n.get("NAME"))
	p.line("USER", n.get("UNAME"))
	p.line("GROUP", n.get("GNAME"))
	p.line("LOCK", lockLevel(n.get("LOCK/LOCKED")))
	p.line("REGISTER TIME", stamp(n.int("REGTIME")))
	p.blank()
	p.permissions(n)
	p.section("TEMPLATE CONTENTS")
	p.template(n.at("TEMPLATE"))
}

// instantiate makes VMs from a template.
func instantiate() verb {
	return verb{
		name: "instantiate", short: "Create VMs from a VM template",
		long: `Create VMs from a VM template. A file, the input, or options change the
template for these VMs: NICs and disks replace those of the template, and what
options say of the context is merged into its context.

  onetemplate instantiate 23 --name 'web-%i' -m 3 --nic private`,
		args: []arg{object, file},
		flags: func(f *pflag.FlagSet) {
			f.String("name", "", "name of the VM; %i becomes its number, from 0")
			f.IntP("multiple", "m", 1, "how many VMs to create")
			f.Bool("hold", false, "create them on hold in place of pending")
			f.Bool("persistent", false, "make a private copy of the template and its images, and start that")
			listFlag(f, "user-inputs", "", "answers to the questions of the template, as KEY=value")
			vmDeviceFlags(f)
		},
		run: runInstantiate,
	}
}

func runInstantiate(s *session, in *input) error {
	extra, err := s.instanceTemplate(in, in.id(), in.word(1))
	if err != nil {
		return err
	}
	number, name, err := instances(in)
	if err != nil {
		return err
	}
	for i := range number {
		vm := strings.ReplaceAll(name, "%i", itoa(int64(i)))
		answer, err := s.call(call("one.template.instantiate", in.id(), vm, in.bool("hold"), extra, in.bool("persistent")))
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "VM ID: %d\n", answer.ID)
	}
	return nil
}

// instances are the number of VMs, and the pattern of their names. Names of persistent copies
// have to differ.
func instances(in *input) (number int, name string, err error) {
	number, name = in.int("multiple"), in.text("name")
	switch {
	case number < 1:
		return 0, "", fmt.Errorf("--multiple %d: give at least 1", number)
	case !in.bool("persistent") || number == 1 || strings.Contains(name, "%i"):
		return number, name, nil
	case name == "":
		return 0, "", errors.New("a persistent template needs a --name to be instantiated several times")
	}
	return number, name + "-%i", nil
}

// instanceTemplate is what differs from the template: from a file, options or standard input,
// and the user inputs.
func (s *session) instanceTemplate(in *input, id int, path string) (string, error) {
	template, _, err := s.read(call("one.template.info", id, false))
	if err != nil {
		return "", err
	}
	in.context = template.all("TEMPLATE/CONTEXT")
	options := templateOptions{flags: vmDeviceFlags, build: instanceOptions}
	var text string
	if path == "" && len(options.used(in)) == 0 {
		text, err = pipedAlready(s.io.In)
	} else {
		text, err = s.given(in, path, options)
	}
	if err != nil {
		return "", err
	}
	inputs, err := s.userInputs(in, template)
	return join(text, inputs), err
}

func join(a, b string) string { return strings.TrimSpace(strings.TrimSpace(a) + "\n" + b) }
