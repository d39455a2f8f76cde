package cli

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnswersAreRead(t *testing.T) {
	t.Parallel()
	root, err := parseXML(`<VM><ID>7</ID><T><D><I><![CDATA[a]]></I></D><D><I>b &amp; c</I></D></T><E/></VM>`)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]any{
		"deep": root.texts("T/D/I"), "last": root.last("T/D").get("I"), "int": root.int("ID"),
		"absent": root.get("T/X/I"), "empty": root.has("E"), "none": root.has("F"), "or": root.or("E", "-"),
	}
	want := map[string]any{
		"deep": []string{"a", "b & c"}, "last": "b & c", "int": int64(7),
		"absent": "", "empty": true, "none": false, "or": "-",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
}

func TestBrokenAnswersAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "hello", "<VM>", "<VM></VN>", "</VM>", "<VM></VM><VM></VM>", "<VM><ID></VM></ID>"} {
		if root, err := parseXML(text); err == nil {
			t.Errorf("%q was read as %v", text, root.name)
		}
	}
}

func TestTemplatesReadBackAsTheyWere(t *testing.T) {
	t.Parallel()
	root, err := parseXML(`<T><A>say "hi"</A><B></B><V><X>1</X><Y></Y><Z>two words</Z></V><V><X>2</X></V></T>`)
	if err != nil {
		t.Fatal(err)
	}
	want := "A=\"say \\\"hi\\\"\"\nV=[\n  X=\"1\",\n  Z=\"two words\" ]\nV=[\n  X=\"2\" ]"
	if diff := cmp.Diff(want, templateText(root)); diff != "" {
		t.Errorf("template (-want +got):\n%s", diff)
	}
}

func FuzzParseXML(f *testing.F) {
	f.Add("<VM><ID>7</ID></VM>")
	f.Add("<a><![CDATA[x]]></a>")
	f.Fuzz(func(t *testing.T, text string) {
		if root, err := parseXML(text); err == nil && root == nil {
			t.Error("no error and no answer")
		}
	})
}
