package attr

import (
	"encoding/xml"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func TestAppendXML(t *testing.T) {
	t.Parallel()
	tree := Template{single("A", "x <&> y"), single("B", ""), vector("D", "K", "1", "L", "")}
	want := "<TEMPLATE><A><![CDATA[x <&> y]]></A><B><![CDATA[]]></B>" +
		"<D><K><![CDATA[1]]></K><L><![CDATA[]]></L></D></TEMPLATE>"
	if d := cmp.Diff(want, string(tree.AppendXML(nil, "TEMPLATE"))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got := string(Template{}.AppendXML([]byte("."), "T")); got != ".<T></T>" {
		t.Errorf("an empty template is %s", got)
	}
}

func TestAppendCDATA(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":             "<![CDATA[]]>",
		"a]]>b":        "<![CDATA[a]]]]><![CDATA[>b]]>",
		"]]>]]>":       "<![CDATA[]]]]><![CDATA[>]]]]><![CDATA[>]]>",
		"]]":           "<![CDATA[]]]]>",
		"\x00a\x1fb":   "<![CDATA[\ufffda\ufffdb]]>",
		"\xffé\xe3":    "<![CDATA[\ufffdé\ufffd]]>",
		"\t\n\r":       "<![CDATA[\t\n\r]]>",
		"\ufffe\ufffd": "<![CDATA[\ufffd\ufffd]]>",
	} {
		if got := string(AppendCDATA(nil, in)); got != want {
			t.Errorf("AppendCDATA(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFromXML(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		doc  string
		want Template
	}{
		"empty root":            {"<VM/>", Template{}},
		"singles":               {"<VM><b>1</b><A>x &amp; y</A></VM>", Template{single("A", "x & y"), single("B", "1")}},
		"CDATA":                 {"<VM><A><![CDATA[<two>]]></A></VM>", Template{single("A", "<two>")}},
		"divided CDATA":         {"<VM><A><![CDATA[a]]]]><![CDATA[>b]]></A></VM>", Template{single("A", "a]]>b")}},
		"empty CDATA":           {"<VM><A><![CDATA[]]></A></VM>", Template{single("A", "")}},
		"empty elements":        {"<VM><A/><B></B><C>1</C></VM>", Template{single("C", "1")}},
		"comment":               {"<VM><!-- x --><A>1<!-- x -->2</A></VM>", Template{single("A", "12")}},
		"vector":                {"<VM> <V>\n <B>2</B> <a>1</a> </V></VM>", Template{vector("V", "B", "2", "a", "1")}},
		"vector, last wins":     {"<VM><V><A>1</A><A>2</A></V></VM>", Template{vector("V", "A", "2")}},
		"vector, empty":         {"<VM><V><A/></V></VM>", Template{vector("V")}},
		"deeper levels":         {"<VM><V><A>1<B>2</B>3</A><C><D>4</D></C></V></VM>", Template{vector("V", "A", "1")}},
		"repeated":              {"<VM><D><A>1</A></D><C>0</C><D><A>2</A></D></VM>", Template{single("C", "0"), vector("D", "A", "1"), vector("D", "A", "2")}},
		"trimmed":               {"<VM><A> 1\n</A><B> </B></VM>", Template{single("A", "1"), single("B", "")}},
		"declaration, end":      {"<?xml version='1.0' encoding='UTF-8'?>\n<VM><A>1</A></VM>\n<!-- x -->\n", Template{single("A", "1")}},
		"attributes are unread": {"<VM x='1'><A y='2'>1</A></VM>", Template{single("A", "1")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Parse(c.doc)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestFromXMLRefuses(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{"", "<", "<A", "<A>", "<A></B>", "<A/><B/>", "<A/>x", "x<A/>", "<A>&nbsp;</A>", "<A>\x01</A>",
		"<!DOCTYPE A [<!ENTITY e 'x'>]><A><B>&e;</B></A>", "<A><B><C></B></C></A>", "<A><B><C><D></C></D></B></A>"} {
		if got, err := FromXML([]byte(doc)); err == nil || got != nil {
			t.Errorf("FromXML(%q) = %v, %v", doc, got, err)
		}
	}
}

func TestXMLIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tree := drawTemplate().Draw(t, "template")
		checkXML(t, tree)
	})
}

func FuzzParseXML(f *testing.F) {
	for _, s := range []string{"<T><A>1</A></T>", "<T><A><![CDATA[]]></A><B><é>&#13;</é></B></T>", "<T><A><B>1</B><b>2</b></A></T>", "<a:b><x:y>1</x:y></a:b>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		tree, err := FromXML(doc)
		if err == nil {
			checkXML(t, tree)
		}
	})
}

func FuzzAppendCDATA(f *testing.F) {
	f.Add("a]]>\xff\x00")
	f.Fuzz(func(t *testing.T, s string) {
		var got struct {
			Text string `xml:",chardata"`
		}
		doc := append(AppendCDATA([]byte("<A>"), s), "</A>"...)
		if err := xml.Unmarshal(doc, &got); err != nil {
			t.Fatalf("%q: %v", doc, err)
		}
		if want := legalXML(s); got.Text != crlf.Replace(want) {
			t.Errorf("%q became %q, want %q", s, got.Text, want)
		}
	})
}

// checkXML writes, parses and compares.
func checkXML(t reporter, tree Template) {
	doc := tree.AppendXML(nil, "TEMPLATE")
	got, err := FromXML(doc)
	if err != nil {
		t.Fatalf("FromXML(%q): %v", doc, err)
	}
	if d := cmp.Diff(throughXML(tree), got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("FromXML(%q) (-want +got):\n%s", doc, d)
	}
}
