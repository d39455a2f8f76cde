package cli

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/renkei-vpe/renkei/pkg/client"
)

// tenHours is the default lifetime of a token.
const tenHours = 36000

// tokenCreate requests a login token and stores it in the user's credentials file.
func tokenCreate(name string) verb {
	return verb{
		name: name, short: "Get a login token and use it from now on",
		long: `Get a login token and write it to the file that ONE_AUTH names, or to
~/.one/one_auth, so that the password need not be kept there.

Without a name the token is for the user of that file; with one, the password is
asked for.`,
		args: []arg{word("username").orNone()},
		flags: func(f *pflag.FlagSet) {
			f.Int("time", tenHours, "seconds that it lasts; -1 for ever")
			f.Bool("force", false, "overwrite the file without asking")
			f.String("group", "", "group to act in with this token, by ID or name")
		},
		run: runTokenCreate,
	}
}

func runTokenCreate(s *session, in *input) error {
	group, err := s.option(in, "group", "GROUP", -1)
	if err != nil {
		return err
	}
	if in.word(0) != "" {
		if err := s.loginAs(in.word(0)); err != nil {
			return err
		}
	}
	user, _, err := s.read(call("one.user.info", self, false))
	if err != nil {
		return err
	}
	answer, err := s.call(call("one.user.login", user.get("NAME"), "", in.int("time"), group))
	if err != nil {
		return err
	}
	return s.keepToken(user.get("NAME")+":"+answer.Text, in.bool("force"))
}

// loginAs makes the session that of another user, whose password is asked for.
func (s *session) loginAs(user string) error {
	password, err := askPassword(s.io, "Password: ")
	if err != nil {
		return err
	}
	cfg, err := client.EndpointFromEnv()
	if err != nil {
		return err
	}
	cfg.Endpoint, cfg.Auth = s.client.Endpoint(), user+":"+password
	s.client, err = client.New(cfg)
	return err
}

// keepToken writes the credentials file; it asks before overwriting one.
func (s *session) keepToken(auth string, force bool) error {
	path, err := authFile()
	if err != nil {
		return err
	}
	defer fmt.Fprintf(s.out, "Authentication Token is:\n%s\n", auth)
	if _, err := os.Stat(path); err == nil && !force && !s.confirm("Do you want to overwrite the file "+path+"?") {
		fmt.Fprintf(s.out, "File %s exists, use --force to overwrite.\n", path)
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("making the directory of credentials: %w", err)
	}
	return replaceFile(path, auth+"\n")
}

// replaceFile writes a file atomically, readable for its owner only.
func replaceFile(path, text string) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), ".one_auth")
	if err != nil {
		return fmt.Errorf("writing credentials: %w", err)
	}
	defer os.Remove(temporary.Name())
	_, written := temporary.WriteString(text)
	if err := errors.Join(written, temporary.Close()); err != nil {
		return fmt.Errorf("writing credentials: %w", err)
	}
	return os.Rename(temporary.Name(), path)
}

func authFile() (string, error) {
	if path := os.Getenv("ONE_AUTH"); path != "" {
		return path, nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".one", "one_auth"), err
}

// confirm asks the user; without a terminal the answer is no.
func (s *session) confirm(question string) bool {
	if _, person := terminalFD(s.io.In); !person {
		return false
	}
	s.out.Flush()
	fmt.Fprintf(s.io.Err, "%s (Y|N): ", question)
	answer, _ := bufio.NewReader(s.io.In).ReadString('\n')
	return strings.HasPrefix(strings.ToUpper(strings.TrimSpace(answer)), "Y")
}

// groupOf is the name of a token's group; -1 is the user's primary group.
func (v *view) groupOf(id, own string) string {
	if id == "-1" {
		id = own
	}
	number, err := strconv.Atoi(id)
	if err != nil {
		return "-"
	}
	group, _, err := v.session.read(groupNoun().infoRequest(number))
	if err != nil {
		return "-"
	}
	return group.get("NAME")
}

// tokenColumns print the tokens of a user with that primary group.
func tokenColumns(gid string) []column {
	return []column{
		{"ID", "", 7, 0, text("TOKEN")},
		{"EGID", "", 5, left, func(_ *view, n *node) string {
			if n.get("EGID") == "-1" {
				return "*" + gid
			}
			return n.get("EGID")
		}},
		{"EGROUP", "", 10, left, func(v *view, n *node) string { return v.groupOf(n.get("EGID"), gid) }},
		{"EXPIRATION", "", 20, left, func(v *view, n *node) string {
			end := n.int("EXPIRATION_TIME")
			switch {
			case end == -1:
				return "forever"
			case v.session.io.now().Unix() >= end:
				return "expired"
			}
			return time.Unix(end, 0).Format("2006-01-02 15:04:05 -0700")
		}},
	}
}
