package cli

import "fmt"

// orphans is a verb that lists the objects that no VM template uses. section is the vector of
// templates in which they are used, and what is the attribute in it.
func orphans(n *noun, section, what string, skip func(object *node) bool) verb {
	return verb{
		name: "orphans", short: "List the " + n.title + "s that no VM template uses",
		run: func(s *session, _ *input) error {
			pool, err := s.objects(n)
			if err != nil {
				return err
			}
			templates, err := s.objects(templateNoun())
			if err != nil {
				return err
			}
			used := map[string]bool{}
			for _, template := range templates {
				for _, part := range template.all("TEMPLATE/" + section) {
					used[part.get(what+"_ID")] = true
					used[part.get(what+"_UNAME")+"\n"+part.get(what)] = true
				}
			}
			for _, object := range pool {
				if !skip(object) && !used[object.get("ID")] && !used[object.get("UNAME")+"\n"+object.get("NAME")] {
					fmt.Fprintln(s.out, object.get("ID"))
				}
			}
			return nil
		},
	}
}
