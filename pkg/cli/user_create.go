package cli

import (
	"crypto/sha256"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"
)

func passwordFlags(f *pflag.FlagSet) {
	f.BoolP("read-file", "r", false, "the password is the first line of a file of that name")
	f.Bool("sha256", false, "send the SHA-256 of the password")
	f.String("driver", "", "authentication driver, such as core, ldap or x509")
	f.Bool("ssh", false, "the same as --driver ssh")
	f.Bool("x509", false, "the same as --driver x509")
	f.Bool("x509_proxy", false, "the same as --driver x509_proxy")
	f.StringP("key", "k", "", "private key whose public half is the password, for the driver ssh")
}

// driverOf is the authentication driver in the options, or a default.
func driverOf(in *input, absent string) string {
	if in.given("driver") {
		return in.text("driver")
	}
	for _, name := range []string{"ssh", "x509", "x509_proxy"} {
		if in.bool(name) {
			return name
		}
	}
	return absent
}

// newPassword is the password at a position of the command line. If it is missing, the driver
// decides what an empty one means.
func newPassword(in *input, position int) (string, error) {
	password := in.word(position)
	if password == "" && driverOf(in, "") == "ssh" {
		if !in.given("key") {
			return "", sayf("You have to specify the --key option")
		}
		return sshPassword(in.text("key"))
	}
	if in.bool("read-file") {
		text, err := os.ReadFile(password)
		if err != nil {
			return "", sayf("Cannot read file: %w", err)
		}
		password, _, _ = strings.Cut(string(text), "\n")
	}
	if (in.bool("sha256") || driverOf(in, "") == "server_cipher") && password != "" {
		password = fmt.Sprintf("%x", sha256.Sum256([]byte(password)))
	}
	return password, nil
}

func userCreate() verb {
	return verb{
		name: "create", short: "Create a user",
		args: []arg{word("name"), word("password").orNone()},
		flags: func(f *pflag.FlagSet) {
			passwordFlags(f)
			listFlag(f, "group", "", "groups of the user, the main one first")
		},
		run: func(s *session, in *input) error {
			password, err := newPassword(in, 1)
			if err != nil {
				return err
			}
			groups := []any{}
			for _, name := range in.list("group") {
				id, err := s.find(nounOf("GROUP"), name)
				if err != nil {
					return err
				}
				groups = append(groups, id)
			}
			return s.makeOne(call("one.user.allocate", in.word(0), password, driverOf(in, "core"), groups))
		},
	}
}

func userPasswd() verb {
	return action("passwd", "Password changed", "Change a user's password", nil, word("password").orNone()).
		single().with(passwordFlags).
		running(func(s *session, in *input) error {
			password, err := newPassword(in, 1)
			if err == nil && password == "" {
				password, err = askPassword(s.io, "New password: ")
			}
			if err != nil {
				return err
			}
			if _, err = s.call(call("one.user.passwd", in.id(), password)); err == nil {
				s.tell(in.noun, in.id(), "Password changed")
			}
			return err
		})
}

func userChauth() verb {
	return action("chauth", "Auth driver and password changed", "Change how a user is authenticated",
		func(in *input, id int) (request, error) {
			driver := driverOf(in, in.word(1))
			if driver == "" {
				return request{}, sayf("An Auth driver should be specified")
			}
			password, err := newPassword(in, 2)
			return call("one.user.chauth", id, driver, password), err
		}, word("driver").orNone(), word("password").orNone()).single().with(passwordFlags)
}
