package cli

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func sample() *table {
	return &table{
		columns: []column{
			{name: "ID", width: 4, look: adjust},
			{name: "NAME", width: 6, look: left | expand},
			{name: "STAT", width: 4},
			{name: "HOST", width: 4, look: left | expand},
		},
		cells: [][]string{{"7", "grüße-aus", "runn", "node1"}, {"123456", "db", "fail", ""}},
	}
}

func widths(t *table) []int {
	var widths []int
	for _, c := range t.columns {
		widths = append(widths, c.width)
	}
	return widths
}

func TestTableFillsTheTerminal(t *testing.T) {
	t.Parallel()
	for terminal, want := range map[int][]int{
		20: {6, 6, 4, 4}, // no free width
		23: {6, 6, 4, 4}, // exact fit
		24: {6, 7, 4, 4},
		40: {6, 16, 4, 11}, // in proportion to the widths
	} {
		table := sample()
		table.widen()
		if err := table.stretch(terminal, nil); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, widths(table)); diff != "" {
			t.Errorf("%d columns (-want +got):\n%s", terminal, diff)
		}
	}
}

func TestTableExpandsNamedColumns(t *testing.T) {
	t.Parallel()
	table := &table{columns: []column{{name: "A", width: 4}, {name: "B", width: 4}, {name: "C", width: 1}}}
	if err := table.stretch(31, []string{"a=0.25", "b=0.75"}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{9, 19, 1}, widths(table)); diff != "" {
		t.Errorf("widths (-want +got):\n%s", diff)
	}
	for _, wrong := range []string{"d", "a=2", "a=much"} {
		if err := table.stretch(100, []string{wrong}); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
}

func TestColoursAreForTerminals(t *testing.T) {
	t.Parallel()
	var plain, coloured bytes.Buffer
	table := sample()
	table.widen()
	table.print(&plain, true, painter{})
	table.print(&coloured, true, painter{terminal: true})
	wantPlain := "    ID NAME   STAT HOST\n     7 grüße- runn node\n123456 db     fail\n"
	wantColoured := "\x1b[1m\x1b[4m    ID NAME   STAT HOST\x1b[0m\n     7 grüße- \x1b[32mrunn\x1b[0m node\n123456 db     \x1b[31mfail\x1b[0m\n"
	if diff := cmp.Diff(wantPlain, plain.String()); diff != "" {
		t.Errorf("plain (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(wantColoured, coloured.String()); diff != "" {
		t.Errorf("coloured (-want +got):\n%s", diff)
	}
}
