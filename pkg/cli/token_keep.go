package cli

import (
	"crypto/md5"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// exitNoToken is the exit code of token verbs if there is no token.
const exitNoToken = 1

// tokenSet selects a token for this shell.
func tokenSet() verb {
	return verb{
		name: "token-set", short: "Use one of your tokens in this shell",
		long: `Write one of your tokens to a file of its own, and print the commands that make
a shell use it:

  eval "$(oneuser token-set --token 1d47)"`,
		args: []arg{word("username").orNone()},
		flags: func(f *pflag.FlagSet) {
			f.String("token", "", "the token that begins with this")
			f.String("group", "", "the token for this group that lasts longest, by ID or name")
			f.Bool("global", false, "the token for no one group that lasts longest")
		},
		run: runTokenSet,
	}
}

func runTokenSet(s *session, in *input) error {
	user, err := s.tokenOwner(in.word(0))
	if err != nil {
		return err
	}
	group, err := s.option(in, "group", "GROUP", -1)
	switch {
	case err != nil:
		return err
	case !in.given("token") && !in.given("group") && !in.bool("global"):
		return s.noToken("One of these options must be supplied:\n[--token <token>] [--group <id|group>] [--global]")
	}
	hint, anyGroup := in.text("token"), in.given("token")
	found := tokensOf(user, func(t *node) bool {
		end := t.int("EXPIRATION_TIME")
		return strings.HasPrefix(t.get("TOKEN"), hint) && (anyGroup || int(t.int("EGID")) == group) &&
			(end == -1 || end >= s.io.now().Unix())
	})
	switch {
	case len(found) == 0:
		return s.noToken("No valid tokens found.")
	case anyGroup && len(found) > 1:
		return s.noToken("More than one token starting with '" + hint + "' found.")
	}
	path, err := s.keepTokenFile(user.get("NAME") + ":" + found[0].get("TOKEN"))
	if err == nil {
		fmt.Fprintf(s.out, "export ONE_AUTH=%s; export ONE_EGID=%s\n", path, found[0].get("EGID"))
	}
	return err
}

// tokenOwner is the user whose tokens are meant: the caller, or a given user, whose password is
// asked for.
func (s *session) tokenOwner(name string) (*node, error) {
	if digits.MatchString(name) {
		return nil, s.noToken("The argument should be the username, not the ID.")
	}
	if name != "" {
		if err := s.loginAs(name); err != nil {
			return nil, err
		}
	}
	user, _, err := s.read(call("one.user.info", self, false))
	return user, err
}

// noToken ends a verb that found no token; the message goes to standard output.
func (s *session) noToken(why string) error {
	fmt.Fprintln(s.out, why)
	return exitStatus(exitNoToken)
}

// tokensOf are those of a user's tokens that match, the one that expires last first.
func tokensOf(user *node, wanted func(token *node) bool) []*node {
	found := slices.DeleteFunc(user.all("LOGIN_TOKEN"), func(t *node) bool { return !wanted(t) })
	slices.SortStableFunc(found, func(a, b *node) int {
		x, y := a.int("EXPIRATION_TIME"), b.int("EXPIRATION_TIME")
		if x == -1 || y == -1 {
			return int(min(max(x-y, -1), 1))
		}
		return int(min(max(y-x, -1), 1))
	})
	return found
}

// tokenFile is the credentials file for one token. Its name is that of OpenNebula's commands;
// it need not be secret.
func tokenFile(auth string) (string, error) {
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".one", fmt.Sprintf("%x.token", md5.Sum([]byte(auth)))), err
}

func (s *session) keepTokenFile(auth string) (string, error) {
	path, err := tokenFile(auth)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("making the directory of credentials: %w", err)
	}
	return path, replaceFile(path, auth)
}

// tokenDelete revokes a token.
func tokenDelete() verb {
	return verb{
		name: "token-delete", short: "End one of your tokens and remove its file",
		args: []arg{word("username|token"), word("token").orNone()},
		run: func(s *session, in *input) error {
			name, hint := "", in.word(0)
			if len(in.words) == 2 {
				name, hint = in.word(0), in.word(1)
			}
			user, err := s.tokenOwner(name)
			if err != nil {
				return err
			}
			found := tokensOf(user, func(t *node) bool { return strings.HasPrefix(t.get("TOKEN"), hint) })
			switch len(found) {
			case 0:
				return s.noToken("No tokens found.")
			case 1:
				return s.endToken(user.get("NAME"), found[0].get("TOKEN"))
			}
			return s.noToken("More than one token starting with '" + hint + "' found.")
		},
	}
}

func (s *session) endToken(name, token string) error {
	if _, err := s.call(call("one.user.login", name, token, 0, -1)); err != nil {
		return err
	}
	fmt.Fprintln(s.out, "Token removed.")
	path, err := tokenFile(name + ":" + token)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return fmt.Errorf("removing the file of the token: %w", err)
	}
	fmt.Fprintln(s.out, "Removing "+path)
	return nil
}

// tokenDeleteAll revokes all tokens of a user, for administrators.
func tokenDeleteAll() verb {
	return verb{
		name: "token-delete-all", short: "End all tokens of a user", args: []arg{word("username")},
		run: func(s *session, in *input) error {
			name := in.word(0)
			if digits.MatchString(name) {
				return s.noToken("The argument should be the username, not the ID.")
			}
			_, err := s.call(call("one.user.login", name, "", 0, -1))
			if err == nil && s.verbose {
				fmt.Fprintf(s.out, "USER %s: Tokens expired\n", name)
			}
			return err
		},
	}
}
