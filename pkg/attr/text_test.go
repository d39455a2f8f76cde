package attr

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func TestText(t *testing.T) {
	t.Parallel()
	tree := Template{single("A", ""), vector("B"), vector("D", "K", `say "hi"`, "L", "1"), single("N", "a\nb")}
	want := "A=\"\"\nB=[ ]\nD=[\n  K=\"say \\\"hi\\\"\",\n  L=\"1\" ]\nN=\"a\nb\"\n"
	if d := cmp.Diff(want, tree.Text()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A value that ends with a backslash would escape the closing quote, and the next value would
// be parsed as syntax.
func TestTextKeepsValuesApart(t *testing.T) {
	t.Parallel()
	want := Template{single("A", `x y\`), single("B", ` INJECTED="1" `)}
	got, err := Parse(want.Text())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(throughText(want), got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestTextIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { checkText(t, drawTemplate().Draw(t, "template")) })
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{typicalText, "A=[B=1,\n C=\"\\\"\"]", "A=\"]]>\n\"", "<A><B>1</B></A>", "A=\"x\\\"", "#", "A=\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tree, err := Parse(text)
		if err != nil {
			if tree != nil || err.Error() == "" {
				t.Errorf("Parse(%q) = %v, %v", text, tree, err)
			}
			return
		}
		checkText(t, tree)
	})
}

type reporter interface {
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// checkText writes, parses and compares.
func checkText(t reporter, tree Template) {
	text := tree.Text()
	got, err := Parse(text)
	if err != nil {
		t.Fatalf("Parse(%q): %v", text, err)
	}
	want := throughText(tree)
	if !tree.writable() {
		want = throughXML(tree)
	}
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("Parse(%q) (-want +got):\n%s", text, d)
	}
}
