package attr

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want Template
	}{
		"nothing":                  {"", Template{}},
		"blanks":                   {" \n\t\n", Template{}},
		"quoted":                   {`NAME="a b"`, Template{single("NAME", "a b")}},
		"unquoted":                 {`NAME=a/b:c.d`, Template{single("NAME", "a/b:c.d")}},
		"names in upper case":      {`name=x`, Template{single("NAME", "x")}},
		"blanks around equal":      {"A \t=  1\nB\n=2", Template{single("A", "1"), single("B", "2")}},
		"sorted by name, stable":   {"B=1\nA=1\nB=0", Template{single("A", "1"), single("B", "1"), single("B", "0")}},
		"empty value":              {"A=\nB=\"\"\nC= \nD=1", Template{single("A", ""), single("B", ""), single("C", ""), single("D", "1")}},
		"several in a line":        {"A=1 B=\"2\" C=3", Template{single("A", "1"), single("B", "2"), single("C", "3")}},
		"two lines in a value":     {"A=\"1\n 2\"", Template{single("A", "1\n 2")}},
		"escaped quote":            {`A="a \"b\" c"`, Template{single("A", `a "b" c`)}},
		"other escapes are kept":   {`A="\n\\d\t"`, Template{single("A", `\n\\d\t`)}},
		"backslash at the end":     {`A="c:\"`, Template{single("A", `c:\`)}},
		"quote inside unquoted":    {`A=a"b`, Template{single("A", `a"b`)}},
		"open quote":               {`A="b`, Template{single("A", `"b`)}},
		"longest match":            {`A="b"c`, Template{single("A", `"b"c`)}},
		"trimmed":                  {`A="  b "`, Template{single("A", `b`)}},
		"comments":                 {"# one\nA=1 # two\n  # three\nB=2#four\n# five", Template{single("A", "1"), single("B", "2")}},
		"passed over":              {"A=1);$\nB=2", Template{single("A", "1);$"), single("B", "2")}},
		"passed over between":      {"A=1 );$\nB=2", Template{single("A", "1"), single("B", "2")}},
		"passed over in a value":   {"A==,]#1", Template{single("A", "1")}},
		"digit first":              {"1A=1", Template{single("ONE_1A", "1")}},
		"reserved by XML":          {"XMLRPC=1", Template{single("ONE_XMLRPC", "1")}},
		"empty vector":             {"A=[ ]", Template{vector("A")}},
		"vector":                   {`DISK=[IMAGE="a b",DEV=x]`, Template{vector("DISK", "DEV", "x", "IMAGE", "a b")}},
		"vector over lines":        {"D = [\n  B = \"2\" ,\n a=1\n]\nE=3", Template{vector("D", "A", "1", "B", "2"), single("E", "3")}},
		"vector, first key wins":   {"D=[A=1,a=2]", Template{vector("D", "A", "1")}},
		"vector, empty value":      {`D=[A="",B=1]`, Template{vector("D", "A", "", "B", "1")}},
		"vector with comment":      {"D=[A=1, # one\n B=2]", Template{vector("D", "A", "1", "B", "2")}},
		"brackets in quotes":       {`D=[A="[1,2]"]`, Template{vector("D", "A", "[1,2]")}},
		"CDATA end over two lines": {"A=\"x ]]> \n y\"", Template{single("A", "x ]]> \n y")}},
		"UTF-8":                    {`A=日本`, Template{single("A", "日本")}},
		"carriage return kept":     {"A=1\r\nB=\"2\"", Template{single("A", "1"), single("B", "2")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Parse(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("Parse(%q) (-want +got):\n%s", c.text, d)
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"FOO=[": "Parse error: syntax error, unexpected $end, expecting CBRACKET or VARIABLE at line 1, columns 5:6",
		"X=[":   "Parse error: syntax error, unexpected $end, expecting CBRACKET or VARIABLE at line 1, columns 3:4",
		"NAME=e13\nCPU=1\nMEMORY=64\nSCHED_REQUIREMENTS=\"ID = \"), ": "Parse error: syntax error, unexpected COMMA, expecting $end at line 4, columns 53:55",
		"=1":           "Parse error: syntax error, unexpected EQUAL, expecting $end at line 1, columns 1:2",
		"A":            "Parse error: syntax error, unexpected $end, expecting EQUAL or EQUAL_EMPTY at line 1, columns 1:2",
		"A B=1":        "Parse error: syntax error, unexpected VARIABLE, expecting EQUAL or EQUAL_EMPTY at line 1, columns 3:4",
		"A=":           "Parse error: syntax error, unexpected $end, expecting OBRACKET or CCDATA or STRING at line 1, columns 2:3",
		"A=[B=1":       "Parse error: syntax error, unexpected $end, expecting COMMA or CBRACKET at line 1, columns 6:7",
		"A=[B=1,]":     "Parse error: syntax error, unexpected CBRACKET, expecting VARIABLE at line 1, columns 8:9",
		"A=[B]":        "Parse error: syntax error, unexpected CBRACKET, expecting EQUAL at line 1, columns 5:6",
		"A=[B=\n]":     "Parse error: syntax error, unexpected EQUAL_EMPTY, expecting EQUAL at line 1, columns 5:7",
		"A=[B=[C=1]]":  "Parse error: syntax error, unexpected OBRACKET, expecting STRING at line 1, columns 6:7",
		"A=1\nB=2\n ,": "Parse error: syntax error, unexpected COMMA, expecting $end at line 3, columns 8:11",
		"A=\"]]>\"":    "Parse error.",
		"<A>":          "Parse error: XML Template malformed.",
	} {
		_, err := Parse(text)
		if err == nil {
			t.Errorf("Parse(%q) found nothing wrong", text)
			continue
		}
		if d := cmp.Diff(want, err.Error()); d != "" {
			t.Errorf("Parse(%q) (-want +got):\n%s", text, d)
		}
	}
}
