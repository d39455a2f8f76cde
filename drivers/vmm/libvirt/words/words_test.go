package words

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	for command, want := range map[string][]string{
		"":                      nil,
		"  ":                    nil,
		"ls -l  /tmp":           {"ls", "-l", "/tmp"},
		`sh -c 'echo "a  b"'`:   {"sh", "-c", `echo "a  b"`},
		`echo "a 'b' \"c\" \d"`: {"echo", `a 'b' "c" \d`},
		`echo a\ b '' ""`:       {"echo", "a b", "", ""},
		`a'b'"c"d`:              {"abcd"},
		"echo 日本 $HOME;reboot":  {"echo", "日本", "$HOME;reboot"},
	} {
		got, err := Split(command)
		if err != nil {
			t.Errorf("%q: %v", command, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", command, diff)
		}
	}
	for _, command := range []string{`'a`, `"a`, `a\`, `"a\"`} {
		if got, err := Split(command); err == nil {
			t.Errorf("%q: got %q, want an error", command, got)
		}
	}
}
