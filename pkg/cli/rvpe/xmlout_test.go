package rvpe

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestXMLAsNokogiri: the expected text is Nokogiri's output.
func TestXMLAsNokogiri(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{
		`<P/>`: `<P/>`,
		"<VM><A></A><B>x&lt;</B><T><C><![CDATA[yé<]]></C><D>\"q\" é</D></T><P>a\nb</P></VM>": `<VM>
  <A/>
  <B>x&lt;</B>
  <T>
    <C><![CDATA[yé<]]></C>
    <D>"q" &#xE9;</D>
  </T>
  <P>a
b</P>
</VM>`,
		"<VM><T><C/><![CDATA[z]]></T><E>a<F>b</F></E><G>x &quot;\t&#13;&#x1F600;</G></VM>": `<VM>
  <T><C/><![CDATA[z]]></T>
  <E>a<F>b</F></E>
  <G>x "` + "\t" + `&#xD;&#x1F600;</G>
</VM>`,
	} {
		n, err := parseXML(from)
		if err != nil {
			t.Errorf("%s: %v", from, err)
			continue
		}
		if diff := cmp.Diff(want, n.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", from, diff)
		}
	}
}

// TestPrettyBreaksLongText: text that does not fit on a line is broken at spaces.
func TestPrettyBreaksLongText(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("words ", 20)
	n, err := parseXML("<A><B>" + long + "</B><C>short</C><D/></A>")
	if err != nil {
		t.Fatal(err)
	}
	want := "<A>\n  <B>\n    " + strings.TrimSpace(strings.Repeat("words ", 12)) + "\n    " + strings.Repeat("words ", 8) +
		"\n  </B>\n  <C>short</C>\n  <D/>\n</A>"
	if diff := cmp.Diff(want, n.pretty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNoXML(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "words", "<A>", "<A></B>", "</A>", "<A/><B/>", "<A"} {
		if n, err := parseXML(text); err == nil {
			t.Errorf("%q is taken for %v", text, n)
		}
	}
}

func TestTemplate(t *testing.T) {
	t.Parallel()
	n, err := parseXML("<VM><TEMPLATE><A>1</A><DISK><X><![CDATA[2]]></X><Y></Y></DISK><E/></TEMPLATE></VM>")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("A=1\nDISK=[\n  X=2,\n  Y= ]\nE=", n.template("TEMPLATE")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
