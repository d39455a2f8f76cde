package cli

import (
	"errors"

	"github.com/spf13/pflag"
)

// update is the verb that replaces an object's template or appends to it. element is the part
// of the object that may be changed.
func update(n *noun, element string) verb {
	return updateVerb("update", "modified", "Change the template of a "+n.title,
		func(in *input, id int, text string) request {
			return call(n.method+"update", id, text, appendMode(in))
		},
		func(_ *input, object *node) string { return templateText(object.at(element)) })
}

// updateVerb sends a template from a file, standard input or an editor, which starts with the
// present template. args are between the object and the file.
func updateVerb(
	name, done, short string,
	ask func(in *input, id int, text string) request,
	current func(in *input, object *node) string,
	args ...arg,
) verb {
	return verb{
		name: name, short: short,
		long: short + `.

Without a file the template is read from the input, or else opened in $EDITOR.`,
		args:  append(append([]arg{object}, args...), file),
		flags: func(f *pflag.FlagSet) { f.BoolP("append", "a", false, "add to the template in place of replacing it") },
		run: func(s *session, in *input) error {
			text, err := s.newTemplate(in, in.word(1+len(args)), current)
			if err != nil {
				return err
			}
			if _, err := s.call(ask(in, in.id(), text)); err != nil {
				return err
			}
			s.tell(in.noun, in.id(), done)
			return nil
		},
	}
}

// newTemplate is the text of a file, of standard input, or of the editor, which starts with the
// present template.
func (s *session) newTemplate(in *input, path string, current func(in *input, object *node) string) (string, error) {
	return s.template(in, path, func() (string, error) {
		object, _, err := s.read(in.noun.infoRequest(in.id()))
		if err != nil {
			return "", err
		}
		return current(in, object), nil
	})
}

// template is the text of a file, of standard input, or of the editor.
func (s *session) template(in *input, path string, current func() (string, error)) (string, error) {
	if path != "" {
		return readFile(path)
	}
	if text, err := piped(s.io.In); text != "" || err != nil {
		return text, err
	}
	if _, person := terminalFD(s.io.In); !person {
		return "", errors.New("no template: name a file, pipe one in, or run this on a terminal to edit it")
	}
	if in.bool("append") {
		return s.edit("")
	}
	text, err := current()
	if err != nil {
		return "", err
	}
	return s.edit(text)
}

func appendMode(in *input) int {
	if in.bool("append") {
		return 1
	}
	return 0
}
