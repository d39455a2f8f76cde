package cli

import (
	"bufio"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/renkei-vpe/renkei/pkg/client"
)

// session is one run of a command: its server and its output.
type session struct {
	ctx     context.Context //nolint:containedctx // a session is one command, and ends with it
	client  *client.Client
	cfg     client.Config // of the client
	io      Stdio
	out     *bufio.Writer // buffers io.Out; flushed when the command ends
	verbose bool
	blame   string // prefix of errors
	failed  bool   // failed for some object; the error has been printed
}

func newSession(cmd *cobra.Command, io Stdio) (*session, error) {
	cfg, err := settings(cmd, io)
	if err != nil {
		return nil, err
	}
	c, err := client.New(cfg)
	if err != nil {
		return nil, err
	}
	verbose, _ := cmd.Flags().GetBool("verbose")
	return &session{ctx: cmd.Context(), client: c, cfg: cfg, io: io, out: bufio.NewWriter(io.Out), verbose: verbose}, nil
}

// settings are those of the environment, overridden by options.
func settings(cmd *cobra.Command, io Stdio) (client.Config, error) {
	user, _ := cmd.Flags().GetString("user")
	password, _ := cmd.Flags().GetString("password")
	endpoint, _ := cmd.Flags().GetString("endpoint")
	cfg, err := fromEnv(user)
	if err != nil {
		return cfg, err
	}
	if endpoint != "" {
		cfg.Endpoint = endpoint
	}
	if user == "" {
		return cfg, nil
	}
	if !cmd.Flags().Changed("password") {
		if password, err = askPassword(io, "Password: "); err != nil {
			return cfg, err
		}
	}
	cfg.Auth = user + ":" + password
	return cfg, nil
}

func fromEnv(user string) (client.Config, error) {
	if user != "" {
		return client.EndpointFromEnv()
	}
	return client.FromEnv()
}

// askPassword reads a line without echo on a terminal, otherwise just a line.
func askPassword(io Stdio, prompt string) (string, error) {
	fmt.Fprint(io.Err, prompt)
	if fd, ok := terminalFD(io.In); ok {
		secret, err := term.ReadPassword(fd)
		fmt.Fprintln(io.Err)
		return string(secret), err
	}
	line, err := bufio.NewReader(io.In).ReadString('\n')
	if err != nil && line == "" {
		return "", fmt.Errorf("no password was given: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// call is the client's, with the command's context.
func (s *session) call(r request) (client.Answer, error) {
	return s.client.Call(s.ctx, r.method, r.params...)
}

// read calls a method that answers a document.
func (s *session) read(r request) (*node, string, error) {
	answer, err := s.call(r)
	if err != nil {
		return nil, "", err
	}
	root, err := parseXML(answer.Text)
	return root, answer.Text, err
}

// zonePatience is how long to wait for another zone's answer.
const zonePatience = 5 * time.Second

// at makes a call to another endpoint, as the same user.
func (s *session) at(endpoint string, r request) (*node, error) {
	cfg := s.cfg
	cfg.Endpoint, cfg.Timeout = endpoint, zonePatience
	other, err := client.New(cfg)
	if err != nil {
		return nil, err
	}
	answer, err := other.Call(s.ctx, r.method, r.params...)
	if err != nil {
		return nil, err
	}
	return parseXML(answer.Text)
}

// report prints an error; the command goes on with the next object.
func (s *session) report(err error) {
	s.out.Flush()
	fmt.Fprintln(s.io.Err, s.blamed(err))
	s.failed = true
}

func (s *session) blamed(err error) error {
	if err == nil || s.blame == "" {
		return err
	}
	return sayf("%s%w", s.blame, err)
}

func (s *session) painter() painter { return painter{terminal: s.io.width() > 0} }

// request is one call to the server.
type request struct {
	method string
	params []any
}

func call(method string, params ...any) request { return request{method, params} }
