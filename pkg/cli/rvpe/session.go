package rvpe

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/renkei-vpe/renkei/pkg/cli"
	"github.com/renkei-vpe/renkei/pkg/client"
)

// session is one run of a program.
type session struct {
	ctx  context.Context //nolint:containedctx // a session is as long as its process
	io   cli.Stdio
	name string // of the program

	xml, verbose, everything, help bool   // options
	exceptions, logFile            string // of vmkiller

	user   string         // session of the caller
	client *client.Client // set at the first call
}

// print writes text as it is.
func (s *session) print(text string) { fmt.Fprint(s.io.Out, text) }

// puts prints a line as Ruby does, without a second newline.
func (s *session) puts(text string) { s.print(strings.TrimSuffix(text, "\n") + "\n") }

// say prints a line.
func (s *session) say(format string, args ...any) { s.puts(fmt.Sprintf(format, args...)) }

func (s *session) now() time.Time {
	if s.io.Now == nil {
		return time.Now()
	}
	return s.io.Now()
}

// enter makes the client at the first call, so that help needs no credentials.
func (s *session) enter() error {
	if s.client != nil {
		return nil
	}
	cfg, err := fromEnv()
	if err != nil {
		return err
	}
	s.user, _, _ = strings.Cut(cfg.Auth, ":")
	s.client, err = client.New(cfg)
	return err
}

// call calls a method of rvpe.*. Errors have the original's text.
func (s *session) call(method string, args ...any) (client.Answer, error) {
	if err := s.enter(); err != nil {
		return client.Answer{}, err
	}
	answer, err := s.client.Call(s.ctx, "rvpe."+method, args...)
	if err != nil {
		return client.Answer{}, s.inRubysWords(err)
	}
	return answer, nil
}

// document calls a method that answers XML.
func (s *session) document(method string, args ...any) (*node, error) {
	answer, err := s.call(method, args...)
	if err != nil {
		return nil, err
	}
	return parseXML(answer.Text)
}
