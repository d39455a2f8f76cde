package cli

import "strings"

// schedDelete is a verb that deletes a scheduled action of an object.
func schedDelete(n *noun, name, done string) verb {
	return callWith(name, done, "Delete a scheduled action", n.method+"scheddelete", number("action id"))
}

// schedUpdate is a verb that changes a scheduled action.
func schedUpdate(n *noun, name string) verb {
	return verb{
		name: name, short: "Change a scheduled action",
		long: `Change a scheduled action: what a file, the input or the editor says of it
replaces what it had.`,
		args: []arg{object, number("action id"), file},
		run: func(s *session, in *input) error {
			object, _, err := s.read(n.infoRequest(in.id()))
			if err != nil {
				return sayf("Error %w", err)
			}
			if schedAction(object, in.word(1)) == nil {
				return sayf("Sched action %s not found", in.word(1))
			}
			text, err := s.newTemplate(in, in.word(2), func(in *input, object *node) string {
				return templateText(schedAction(object, in.word(1)))
			})
			if err != nil {
				return err
			}
			text = "SCHED_ACTION = [" + strings.Join(strings.Split(strings.TrimSpace(text), "\n"), ",") + "]"
			if _, err := s.call(call(n.method+"schedupdate", in.id(), in.number(1, -1), text)); err != nil {
				return sayf("Error updating: %w", err)
			}
			s.tell(n, in.id(), "Sched action updated")
			return nil
		},
	}
}

func schedAction(object *node, id string) *node {
	for _, action := range object.all("TEMPLATE/SCHED_ACTION") {
		if action.get("ID") == id {
			return action
		}
	}
	return nil
}
