package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// userUmask sets the permissions that new objects of users do not get.
func userUmask() verb {
	return verb{
		name: "umask", short: "Set which permissions new objects of users lack",
		long: `Set which permissions new objects of users lack: three octal digits for owner,
group and others, as 077. Without them the setting goes back to that of the server.`,
		args: []arg{objects, word("mask").orNone()},
		run: func(s *session, in *input) error {
			return s.each(in, "umask changed", func(id int) error {
				user, _, err := s.read(in.noun.infoRequest(id))
				if err != nil {
					return err
				}
				text := templateText(user.at("TEMPLATE").without("UMASK"))
				if mask := in.word(1); mask != "" {
					text = join(text, "UMASK = "+mask)
				}
				_, err = s.call(call("one.user.update", id, text, 0))
				return err
			})
		},
	}
}

// userEncode encodes a name and a password for a URL, or for ONE_AUTH with drivers that split
// it.
func userEncode() verb {
	return verb{
		name: "encode", short: "Write a user name and a password without characters that mean something",
		args: []arg{word("username"), word("password").orNone()},
		run: func(s *session, in *input) error {
			escaped := make([]string, len(in.words))
			for i, w := range in.words {
				escaped[i] = escape(w)
			}
			fmt.Fprintln(s.out, strings.Join(escaped, ":"))
			return nil
		},
	}
}

// plainInURL are the characters besides letters and digits that are not escaped.
const plainInURL = "-_.!~*'();/?:@&=+$,[]"

func escape(text string) string {
	var t strings.Builder
	for _, b := range []byte(text) {
		switch {
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b >= '0' && b <= '9', strings.IndexByte(plainInURL, b) >= 0:
			t.WriteByte(b)
		default:
			fmt.Fprintf(&t, "%%%02X", b)
		}
	}
	return t.String()
}

// userPasswdSearch finds users by driver and password, such as the owner of a key.
func userPasswdSearch(n *noun) verb {
	return verb{
		name: "passwdsearch", short: "Find users by authentication driver and password",
		args: []arg{word("driver"), word("password")},
		flags: func(f *pflag.FlagSet) {
			f.BoolP("xml", "x", false, "the XML of all users")
			f.Bool("csv", false, "write the table as CSV")
			f.String("csv-del", ",", "delimiter of CSV")
			f.Bool("no-header", false, "leave out the header")
		},
		run: func(s *session, in *input) error {
			pool, text, err := s.read(n.listRequest(allObjects))
			if err != nil {
				return err
			}
			if done, err := s.printFormat(in, pool, text); done {
				return err
			}
			var found []*node
			for _, user := range pool.all("USER") {
				if user.get("AUTH_DRIVER") == in.word(0) && user.get("PASSWORD") == in.word(1) {
					found = append(found, user)
				}
			}
			return s.printRecords(in, found, []string{"ID", "NAME", "AUTH", "PASSWORD"})
		},
	}
}
