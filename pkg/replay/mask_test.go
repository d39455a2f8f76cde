package replay

import (
	"regexp"
	"strings"
	"testing"
)

func tree(t *testing.T, doc string) *node {
	t.Helper()
	n, err := parseXML(doc)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCompareDocuments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, want, got string
		class           Class
	}{
		{"times that are set", "<A><STIME>1795354140</STIME></A>", "<A><STIME>1800000001</STIME></A>", Equal},
		{"a time that is not set", "<A><ETIME>1795354140</ETIME></A>", "<A><ETIME>0</ETIME></A>", Body},
		{"a number like a time", "<A><SIZE>1795354140</SIZE></A>", "<A><SIZE>1795354141</SIZE></A>", Body},
		{"request ids", "<A><REQ_ID>8030</REQ_ID></A>", "<A><REQ_ID>7</REQ_ID></A>", Equal},
		{"no request id", "<A><REQUEST_ID>-1</REQUEST_ID></A>", "<A><REQUEST_ID>7</REQUEST_ID></A>", Body},
		{"uuids", "<A>3d163ff9-22dd-4cfe-9cf4-24db6c95621a</A>", "<A>7bc14604-681f-4d87-91de-3f7f18706847</A>", Equal},
		{"hashes", "<A>" + strings.Repeat("a", 64) + "</A>", "<A>" + strings.Repeat("b", 64) + "</A>", Equal},
		{"hashes of other length", "<A>" + strings.Repeat("a", 64) + "</A>", "<A>" + strings.Repeat("b", 40) + "</A>", Body},
		{"dates in text", "<A>Sun Nov 22 13:28:58 2026 : x</A>", "<A>Mon Nov 23 01:00:00 2026 : x</A>", Equal},
		{"costs of showback", "<SHOWBACK><HOURS>0.00</HOURS></SHOWBACK>", "<SHOWBACK><HOURS>0.01</HOURS></SHOWBACK>", Equal},
		{"hours elsewhere", "<A><HOURS>0</HOURS></A>", "<A><HOURS>1</HOURS></A>", Body},
		{"folder without a value", "<A>@ONE@/var//datastores/2</A>", "<A>/srv/one/datastores/2</A>", Equal},
		{"other file in such a folder", "<A>@ONE@/var//datastores/2</A>", "<A>/srv/one/datastores/3</A>", Body},
		{"order", "<A><B>1</B><C>2</C></A>", "<A><C>2</C><B>1</B></A>", Order},
		{"order below", "<A><X><B>1</B><C>2</C></X></A>", "<A><X><C>2</C><B>1</B></X></A>", Order},
		{"values that changed places", "<A><B>1</B><C>2</C></A>", "<A><B>2</B><C>1</C></A>", Body},
		{"form of emptiness", "<A><B></B></A>", "<A>\n<B/>\n</A>", Equal},
		{"white space that counts", "<A> x</A>", "<A>x</A>", Body},
		{"CDATA and escapes", "<A><![CDATA[<b>]]></A>", "<A>&lt;b&gt;</A>", Equal},
		{"attributes", `<A b="1"/>`, `<A b="2"/>`, Body},
		{"named to be masked", "<A><SIZE_MB>1</SIZE_MB></A>", "<A><SIZE_MB>2</SIZE_MB></A>", Equal},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := compare(reply{tree: tree(t, c.want)}, reply{tree: tree(t, c.got)}, regexp.MustCompile("_MB$"))
			if v.class != c.class {
				t.Errorf("%s and %s: %s (%s), want %s", c.want, c.got, v.class, v.detail, c.class)
			}
		})
	}
}

func TestFirstDifference(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ want, got, text string }{
		{"<A><B>1</B></A>", "<A><B>2</B></A>", `/A/B: want "1", got "2"`},
		{"<A><B/></A>", "<A><C/></A>", `/A: want <B>, got <C>`},
		{"<A><B/><C/></A>", "<A><B/></A>", `/A: <C> is missing at the end`},
		{"<A><B/></A>", "<A><B/><C/></A>", `/A: <C> is too much at the end`},
		{"<A/>", "<A/>", ""},
	} {
		if got := firstDifference("", tree(t, c.want), tree(t, c.got)); got != c.text {
			t.Errorf("%s and %s: %s, want %s", c.want, c.got, got, c.text)
		}
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	got := fill("@ONE_VAR@/a @DEFS@/b x@y", map[string]string{"ONE_VAR": "/var/lib/one"})
	if want := "/var/lib/one/a @DEFS@/b x@y"; got != want {
		t.Errorf("fill = %q, want %q", got, want)
	}
}
