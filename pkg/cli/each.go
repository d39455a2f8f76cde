package cli

import (
	"errors"
	"fmt"

	"github.com/renkei-vpe/renkei/pkg/client"
)

// each does something to every object that the command names. It reports a failure at once and
// tries the next object. Only if the server cannot be reached, or the user gave up, does it
// stop.
func (s *session) each(in *input, done string, do func(id int) error) error {
	for _, id := range in.ids {
		err := do(id)
		if err == nil {
			s.tell(in.noun, id, done)
			continue
		}
		if s.ctx.Err() != nil || isTransport(err) {
			return err
		}
		s.report(err)
	}
	return nil
}

// tell prints what was done, with --verbose.
func (s *session) tell(n *noun, id int, done string) {
	if s.verbose {
		fmt.Fprintf(s.out, "%s %d: %s\n", n.element, id, done)
	}
}

func (s *session) ask(in *input, id int, ask func(in *input, id int) (request, error)) (client.Answer, error) {
	r, err := ask(in, id)
	if err != nil {
		return client.Answer{}, err
	}
	return s.call(r)
}

func isTransport(err error) bool {
	var transport *client.TransportError
	return errors.As(err, &transport)
}
