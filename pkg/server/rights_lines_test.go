package server

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// rightsLine is a line of testdata/rights.txt, whose head explains the format.
type rightsLine struct {
	method string
	args   []string
	needs  [][]need // sets of rights that are checked one after the other
	only   string   // "all", "gid0", "oneadmin": who may call it, whatever rights he has
	says   string   // the error for others
	pool   []string // names of objects that are listed for those who may use them
	sees   one.Kind
}

func (l rightsLine) String() string { return l.method + " " + strings.Join(l.args, " ") }

// about lists the objects that rights are required for.
func (l rightsLine) about() (names []string) {
	for _, round := range l.needs {
		for _, n := range round {
			if n.object != "" && !slices.Contains(names, n.object) {
				names = append(names, n.object)
			}
		}
	}
	return append(names, l.pool...)
}

func kindNamed(name string) (one.Kind, bool) {
	for k := one.KindVM; k <= one.KindBackupJob; k <<= 1 {
		if k.String() == name {
			return k, true
		}
	}
	return 0, false
}

func readRights(t testing.TB, things map[string]thing) (lines []rightsLine) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "rights.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for scan := bufio.NewScanner(f); scan.Scan(); {
		text := strings.TrimSpace(scan.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		call, needs, ok := strings.Cut(text, "|")
		words := strings.Fields(call)
		if !ok || len(words) == 0 {
			t.Fatalf("rights.txt: %q is not a valid line", text)
		}
		l := rightsLine{method: words[0], args: words[1:]}
		l.readNeeds(t, things, strings.TrimSpace(needs))
		lines = append(lines, l)
	}
	return lines
}

func (l *rightsLine) readNeeds(t testing.TB, things map[string]thing, text string) {
	t.Helper()
	if rest, special := strings.CutPrefix(text, "="); special {
		l.only, l.says, _ = strings.Cut(rest, " ")
		if l.only == "pool" {
			kind, names, _ := strings.Cut(l.says, " ")
			l.sees, _ = kindNamed(kind)
			l.pool, l.says = strings.Fields(names), ""
		}
		return
	}
	for round := range strings.SplitSeq(text, "/") {
		if rest, special := strings.CutPrefix(strings.TrimSpace(round), "="); special {
			l.only, l.says, _ = strings.Cut(rest, " ")
			continue
		}
		var list []need
		for word := range strings.FieldsSeq(round) {
			name, right, _ := strings.Cut(word, ":")
			name, foreign := strings.CutPrefix(name, "~")
			n := need{right: right, foreign: foreign}
			if thing, ok := things[name]; ok {
				n.object, n.kind = name, thing.kind.ID()
			} else if n.kind, ok = kindNamed(name); !ok {
				t.Fatalf("rights.txt: %s needs an unknown right: %s", l.method, name)
			}
			list = append(list, n)
		}
		l.needs = append(l.needs, list)
	}
}

// arguments converts a line's words to arguments of the method's types.
func (w *rightsWorld) arguments(l rightsLine) (args []any) {
	params := w.methods[l.method].Params[1:]
	for i, word := range l.args {
		var arg any = strings.ReplaceAll(strings.Trim(w.named(word), "_"), ";", "\n")
		switch params[i].Type {
		case xmlrpc.Int:
			n, err := strconv.Atoi(w.named(word))
			if err != nil {
				w.t.Fatalf("%s: %v", l, err)
			}
			arg = n
		case xmlrpc.Int8:
			n, _ := strconv.ParseInt(word, 10, 64)
			arg = n
		case xmlrpc.Bool:
			arg = word == "true"
		case xmlrpc.ArrayType:
			arg = []any{int32(w.thingNamed(word).id)}
		}
		args = append(args, arg)
	}
	return args
}

// named replaces $name by the ID.
func (w *rightsWorld) named(word string) string {
	return os.Expand(word, func(name string) string { return strconv.Itoa(w.thingNamed(name).id) })
}

func (w *rightsWorld) thingNamed(name string) thing {
	t, ok := w.things[strings.Trim(name, "${}")]
	if !ok {
		w.t.Fatalf("rights.txt: there is no %s", name)
	}
	return t
}
