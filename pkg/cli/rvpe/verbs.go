package rvpe

// verb is a command that makes a call for each object, and prints a line.
type verb struct {
	id     func(s *session, word string) (int, error)
	method string
	more   []any  // arguments after the ID
	done   string // line to print, with %s for the object
}

func (v verb) run(s *session, words []string) error {
	id := func(word string) (int, error) { return v.id(s, word) }
	return s.each(words, id, func(id int, word string) error {
		if _, err := s.call(v.method, append([]any{id}, v.more...)...); err != nil {
			return err
		}
		s.say(v.done, word)
		return nil
	})
}

// once implements a command with one argument.
func (v verb) once(s *session, words []string) error { return v.run(s, words[:1]) }

// shower is the command show of a noun.
type shower struct {
	id     func(s *session, word string) (int, error)
	method string
	print  func(s *session, n *node)
}

func (v shower) run(s *session, words []string) error {
	id := func(word string) (int, error) { return v.id(s, word) }
	return s.each(words, id, func(id int, _ string) error { return v.one(s, id) })
}

func (v shower) one(s *session, id int) error {
	n, err := s.document(v.method, id)
	if err != nil {
		return err
	}
	if s.xml {
		s.puts(n.String())
		return nil
	}
	v.print(s, n)
	return nil
}

// lister is the command list of a noun without argument.
func lister(method, element string, columns []column) func(*session, []string) error {
	return func(s *session, _ []string) error {
		pool, err := s.document(method)
		if err != nil {
			return err
		}
		s.list(pool, element, columns)
		return nil
	}
}

// listerOf is lister with an argument (all, mine, or a user); more are further arguments of the
// call.
func listerOf(method, element string, columns []column, more ...any) func(*session, []string) error {
	return func(s *session, args []string) error {
		flag, err := s.whose(args)
		if err != nil {
			return err
		}
		pool, err := s.document(method, append([]any{flag}, more...)...)
		if err != nil {
			return err
		}
		s.list(pool, element, columns)
		return nil
	}
}
