package attr

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Adding many attributes with the same name takes linear time.
func TestManyOfOneName(t *testing.T) {
	t.Parallel()
	const n = 200_000
	from := Template{NewSingle("A", "0"), NewSingle("Z", "0")}
	to := Template{NewSingle("B", "0"), NewSingle("N", "first"), NewSingle("Y", "0")}
	start := time.Now()
	for i := range n {
		from.Add(NewVector("N", Pair{"I", fmt.Sprint(i)}))
	}
	to.Move(&from, "N")
	to.Move(&from, "M")
	if len(from) != 2 || len(to) != n+3 || to.Named("N")[0].Value != "first" || to.Named("N")[n].Get("I") != fmt.Sprint(n-1) || to[n+2].Name != "Y" {
		t.Errorf("moved %d, %d stayed", len(to), len(from))
	}
	if d := time.Since(start); d > 20*time.Second {
		t.Errorf("took %v", d)
	}
}

// Anybody may send a template of a megabyte. If anything were quadratic, one of these would
// take minutes.
func TestBigTextsAreLinear(t *testing.T) {
	t.Parallel()
	const n = 100_000
	var keys, names strings.Builder
	for i := n; i > 0; i-- {
		fmt.Fprintf(&keys, "K%06d=1,", i)
		fmt.Fprintf(&names, "N%06d=1\n", i)
	}
	for name, text := range map[string]string{
		"a line of attributes":   strings.Repeat("A=1 ", n),
		"names from the end":     names.String(),
		"keys from the end":      "A=[" + keys.String() + "Z=1]",
		"open quotes":            strings.Repeat(`A=\"x `, n),
		"blanks before a value":  "A= #" + strings.Repeat(" ", 10*n) + "1",
		"blanks before a name":   strings.Repeat(" ", 10*n) + "A=1",
		"ends of CDATA far away": strings.Repeat("A=1 ", n) + "\n#]]>",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			tree, err := Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			merged := tree.Clone()
			merged.Merge(tree)
			if !merged.Equal(tree) || len(tree.Text()) == 0 {
				t.Error("a template merged with itself is another")
			}
			if d := time.Since(start); d > 20*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
}
