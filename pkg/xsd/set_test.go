package xsd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/xsd"
)

func load(t *testing.T, dir string) *xsd.Set {
	t.Helper()
	set, err := xsd.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestValidate(t *testing.T) {
	t.Parallel()
	set := load(t, "testdata")
	for _, c := range []struct{ name, doc, want string }{
		{"least", `<TEA><ID>1</ID><SIZE>SMALL</SIZE><MILK/></TEA>`, ""},
		{"most", `<TEA><ID> 1 </ID><PRICE>-.5</PRICE><LEAF>1</LEAF><LEAF>2</LEAF><SIZE>LARGE</SIZE><LEMON>x</LEMON><SPOONS><HONEY>1</HONEY><SUGAR>2</SUGAR></SPOONS><EXTRA a="b">x<Y/></EXTRA></TEA>`, ""},
		{"missing", `<TEA><ID>1</ID><SIZE>SMALL</SIZE></TEA>`, "/TEA: ends where MILK or LEMON was expected"},
		{"order", `<TEA><SIZE>SMALL</SIZE><ID>1</ID><MILK/></TEA>`, "/TEA: element SIZE stands where ID was expected"},
		{"both of a choice", `<TEA><ID>1</ID><SIZE>SMALL</SIZE><MILK/><LEMON/></TEA>`, "/TEA: element LEMON stands where SPOONS or EXTRA was expected"},
		{"no integer", `<TEA><ID></ID><SIZE>SMALL</SIZE><MILK/></TEA>`, `/TEA/ID: "" is no integer`},
		{"second leaf", `<TEA><ID>1</ID><LEAF>1</LEAF><LEAF>b</LEAF><SIZE>SMALL</SIZE><MILK/></TEA>`, `/TEA/LEAF[2]: "b" is no integer`},
		{"enumeration", `<TEA><ID>1</ID><SIZE>BIG</SIZE><MILK/></TEA>`, `/TEA/SIZE: "BIG" is none of SMALL, LARGE`},
		{"all without", `<TEA><ID>1</ID><SIZE>SMALL</SIZE><MILK/><SPOONS/></TEA>`, "/TEA/SPOONS: ends where SUGAR or HONEY was expected"},
		{"all twice", `<TEA><ID>1</ID><SIZE>SMALL</SIZE><MILK/><SPOONS><SUGAR>1</SUGAR><SUGAR>1</SUGAR></SPOONS></TEA>`, "/TEA/SPOONS: element SUGAR stands where HONEY was expected"},
		{"known inside anything", `<TEA><ID>1</ID><SIZE>SMALL</SIZE><MILK/><EXTRA><LEAF>x</LEAF></EXTRA></TEA>`, `/TEA/EXTRA/LEAF: "x" is no integer`},
		{"text between", `<TEA>x<ID>1</ID><SIZE>SMALL</SIZE><MILK/></TEA>`, `/TEA: text "x" is not allowed: only elements are`},
		{"element in text", `<TEA><ID>1</ID><SIZE>SMALL</SIZE><MILK><A/></MILK></TEA>`, "/TEA/MILK: element A is not allowed: only text is"},
		{"attribute", `<TEA x="1"><ID>1</ID><SIZE>SMALL</SIZE><MILK/></TEA>`, "/TEA: attribute x is not allowed"},
		{"other root", `<CUP/>`, `/CUP: schema "tea" does not declare this root element`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var lines []string
			for _, p := range set.Validate("tea", []byte(c.doc)) {
				lines = append(lines, p.String())
			}
			if diff := cmp.Diff(c.want, strings.Join(lines, "\n")); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestValidateBrokenInput(t *testing.T) {
	t.Parallel()
	set := load(t, "testdata")
	for _, doc := range []string{"", "<TEA>", "tea", "<TEA></CUP>"} {
		problems := set.ValidateAny([]byte(doc))
		if len(problems) != 1 || !strings.HasPrefix(problems[0].Text, "not well-formed: ") {
			t.Errorf("ValidateAny(%q) = %v, want one complaint of form", doc, problems)
		}
	}
	if problems := set.Validate("coffee", []byte("<TEA/>")); len(problems) != 1 {
		t.Errorf("Validate of an unknown schema = %v, want one problem", problems)
	}
}

func TestSchemas(t *testing.T) {
	t.Parallel()
	set := load(t, "testdata")
	if diff := cmp.Diff([]string{"tea"}, set.Schemas("TEA")); diff != "" {
		t.Errorf("schemas of TEA (-want +got):\n%s", diff)
	}
	if got := set.ValidateAny([]byte("<LEAF>3</LEAF>")); got != nil {
		t.Errorf("ValidateAny(LEAF) = %v, want none", got)
	}
}

// TestLoadRefuses makes sure that unsupported schemas are not ignored.
func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ body, want string }{
		{`<xs:group name="G"/>`, "xs:group is not understood here"},
		{`<xs:element name="A"><xs:key/></xs:element>`, "xs:key in element A is not understood"},
		{`<xs:element name="A" type="B"/>`, `unknown type "B"`},
		{`<xs:element name="A" type="xs:date"/>`, `unknown type "xs:date"`},
		{`<xs:include schemaLocation="none.xsd"/>`, "included by a.xsd"},
		{`<xs:simpleType name="S"><xs:restriction base="xs:string"><xs:length value="1"/></xs:restriction></xs:simpleType>`, "facet xs:length is not understood"},
		{`<xs:complexType name="C"><xs:sequence><xs:element ref="X"/></xs:sequence></xs:complexType>`, `reference to unknown element "X"`},
	} {
		dir := t.TempDir()
		text := `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">` + c.body + `</xs:schema>`
		if err := os.WriteFile(filepath.Join(dir, "a.xsd"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := xsd.Load(dir); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Load of %s: error %v, want %q", c.body, err, c.want)
		}
	}
	if _, err := xsd.Load(t.TempDir()); err == nil {
		t.Error("Load of an empty folder succeeded")
	}
}
