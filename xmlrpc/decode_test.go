package xmlrpc

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// callWith is a call with the given content of <param>.
func callWith(value string) string {
	return "<methodCall><methodName>m</methodName><params><param>" + value + "</param></params></methodCall>"
}

func TestDecodeValues(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in   string // content of <param>
		want any
	}{
		"string":              {"<value><string>a b</string></value>", "a b"},
		"empty string":        {"<value><string></string></value>", ""},
		"empty string, short": {"<value><string/></value>", ""},
		"untyped":             {"<value> a </value>", " a "},
		"untyped, empty":      {"<value></value>", ""},
		"untyped, short":      {"<value/>", ""},
		"predefined entities": {"<value>&lt;&gt;&amp;&quot;&apos;</value>", `<>&"'`},
		"numeric references":  {"<value>&#65;&#x42;&#x1F600;&#13;</value>", "AB😀\r"},
		"CDATA":               {"<value><string>a<![CDATA[<b>&amp;]]>c</string></value>", "a<b>&amp;c"},
		"CDATA, two parts":    {"<value><![CDATA[a]]]]><![CDATA[>b]]></value>", "a]]>b"},
		"comment in text":     {"<value>a<!-- b -->c<!-- d -->e</value>", "ace"},
		"instruction in text": {"<value>a<?b c?>d</value>", "ad"},
		"line ends":           {"<value>a\r\nb\rc\nd</value>", "a\nb\nc\nd"},
		"line ends in CDATA":  {"<value><![CDATA[a\r\nb]]></value>", "a\nb"},
		"line end and entity": {"<value>a\r\n&amp;\r\r\n</value>", "a\n&\n\n"},
		"attributes":          {`<value a="1" b='>"' ><string xmlns:ex = "x">a</string ></value >`, "a"},
		"i4":                  {"<value><i4>-2147483648</i4></value>", int32(math.MinInt32)},
		"int":                 {"<value>\n <int>2147483647</int>\n</value>", int32(math.MaxInt32)},
		"int with plus":       {"<value><int>+0</int></value>", int32(0)},
		"i8":                  {"<value><i8>-9223372036854775808</i8></value>", int64(math.MinInt64)},
		"ex:i8":               {"<value><ex:i8>4</ex:i8></value>", int64(4)},
		"true":                {"<value><boolean>1</boolean></value>", true},
		"false":               {"<value><boolean>0</boolean></value>", false},
		"double":              {"<value><double>-3.25</double></value>", -3.25},
		"double, exponent":    {"<value><double> 1.5E3</double></value>", 1500.0},
		"date":                {"<value><dateTime.iso8601>19980717T14:08:55</dateTime.iso8601></value>", time.Date(1998, 7, 17, 14, 8, 55, 0, time.UTC)},
		"date with dashes":    {"<value><dateTime.iso8601>1998-07-17T14:08:55.5Z</dateTime.iso8601></value>", time.Date(1998, 7, 17, 14, 8, 55, 5e8, time.UTC)},
		"date with zone":      {"<value><dateTime.iso8601>19980717T140855+0900</dateTime.iso8601></value>", time.Date(1998, 7, 17, 5, 8, 55, 0, time.UTC)},
		"base64":              {"<value><base64>\r\naGVs\r\nbG8=\r\n</base64></value>", []byte("hello")},
		"base64, no padding":  {"<value><base64>aGVsbG8</base64></value>", []byte("hello")},
		"base64, empty":       {"<value><base64/></value>", []byte{}},
		"nil":                 {"<value><nil/></value>", nil},
		"ex:nil":              {"<value><ex:nil></ex:nil></value>", nil},
		"array":               {"<value><array><data><value>a</value> <value><i4>1</i4></value></data></array></value>", []any{"a", int32(1)}},
		"array, empty":        {"<value><array><data/></array></value>", []any{}},
		"struct": {
			"<value><struct><member><name>b</name><value>1</value></member><member><value><nil/></value><name>a&amp;</name></member></struct></value>",
			Struct{{"b", "1"}, {"a&", nil}},
		},
		"struct, empty": {"<value><struct></struct></value>", Struct{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, args, err := UnmarshalCall([]byte(callWith(tt.in)), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]any{tt.want}, args); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestDecodeCallForms(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in     string
		method string
		args   []any
	}{
		"declaration":       {`<?xml version="1.0"?><methodCall><methodName>a</methodName><params/></methodCall>`, "a", []any{}},
		"no params":         {`<methodCall><methodName>a</methodName></methodCall>`, "a", nil},
		"params first":      {`<methodCall><params><param><value>1</value></param></params><methodName>a</methodName></methodCall>`, "a", []any{"1"}},
		"empty line before": {"\r\n<?xml version='1.0'?>\n<methodCall><methodName>a</methodName></methodCall>", "a", nil},
		"comments around":   {"<!-- a --><methodCall><!-- b --><methodName>a</methodName></methodCall><!-- c -->\n", "a", nil},
		"text between":      {"<methodCall>x<methodName>a</methodName>y<params>z</params></methodCall>", "a", []any{}},
		"no name":           {"<methodCall><methodName/></methodCall>", "", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			method, args, err := UnmarshalCall([]byte(tt.in), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if method != tt.method {
				t.Errorf("method: got %q, want %q", method, tt.method)
			}
			if diff := cmp.Diff(tt.args, args); diff != "" {
				t.Errorf("args: -want +got\n%s", diff)
			}
		})
	}
}

func TestDecodeFaults(t *testing.T) {
	t.Parallel()
	const xml = "Call is not valid XML.  "
	const token = xml + `Invalid XML "content".  Problem with token at '`
	tests := map[string]struct{ in, want string }{
		"not XML":              {"this is not xml", xml + "syntax error"},
		"empty":                {"", xml + "no element found"},
		"blank":                {"  \n", xml + "no element found"},
		"junk after":           {"<methodCall/>x", xml + "junk after document element"},
		"two roots":            {"<methodCall/><methodCall/>", xml + "junk after document element"},
		"end tag first":        {"</a>", xml + "syntax error"},
		"cut in a tag":         {"<methodCall><", token + "<...': unclosed token"},
		"cut in a name":        {"<methodCall><meth", token + "<meth...': unclosed token"},
		"cut in attributes":    {"<methodCall a='", token + "<methodCall a='...': unclosed token"},
		"cut in an end tag":    {"<methodCall></method", token + "</method...': unclosed token"},
		"cut between tags":     {"<methodCall>", token + "...': no element found"},
		"cut in a comment":     {"<methodCall><!-- ", token + "<!-- ...': unclosed token"},
		"cut in a reference":   {"<methodCall>&am", token + "&am...': unclosed token"},
		"mismatched":           {"<methodCall></methodcall>", token + "</methodcall>...': mismatched tag"},
		"control character":    {"<methodCall>a\x01b</methodCall>", token + `\x01b</methodCall>...': Invalid token, starting 0 bytes in`},
		"invalid UTF-8":        {"<methodCall>\xff</methodCall>", token + `\xff</methodCall>...': Invalid token, starting 0 bytes in`},
		"invalid UTF-8 in tag": {"<method\xffCall/>", token + `<method\xffCall/>...': Invalid token, starting 7 bytes in`},
		"no entity":            {"<methodCall>&nbsp;</methodCall>", token + "&nbsp;</methodCall>...': undefined entity"},
		"no character":         {"<methodCall>&#0;</methodCall>", token + "&#0;</methodCall>...': reference to invalid character number"},
		"surrogate":            {"<methodCall>&#xD800;</methodCall>", token + "&#xD800;</methodCall>...': reference to invalid character number"},
		"beyond Unicode":       {"<methodCall>&#99999999999999999999;</methodCall>", token + "&#99999999999999999999;</methodCall>...': reference to invalid character number"},
		"bare ampersand":       {"<methodCall>a & b</methodCall>", token + "& b</methodCall>...': Invalid token, starting 1 bytes in"},
		"attribute unquoted":   {"<methodCall a=1/>", token + "<methodCall a=1/>...': Invalid token, starting 14 bytes in"},
		"document type":        {"<!DOCTYPE a [<!ENTITY b 'c'>]><methodCall/>", token + "<!DOCTYPE a [<!ENTITY b 'c'>]><methodCal...': document types are refused: send the call without <!DOCTYPE>"},
		"unknown encoding":     {"<?xml version='1.0' encoding='EBCDIC'?><methodCall/>", xml + "unknown encoding"},
		"ASCII that is not":    {"<?xml version='1.0' encoding='US-ASCII'?><methodCall>é</methodCall>", xml + "encoding specified in XML declaration is incorrect"},

		"other root":       {"<foo/>", "XML-RPC call should be a <methodCall> element.  Instead, we have a <foo> element."},
		"no name":          {"<methodCall><params/></methodCall>", "Expected <methodCall> to have child <methodName>"},
		"nothing":          {"<methodCall/>", "Expected <methodCall> to have child <methodName>"},
		"other second":     {"<methodCall><methodName>a</methodName><foo/></methodCall>", "Expected <methodCall> to have child <params>"},
		"a third":          {"<methodCall><methodName>a</methodName><params/><foo/></methodCall>", "<methodCall> has extraneous children, other than <methodName> and <params>.  Total child count = 3"},
		"child of name":    {"<methodCall><methodName><a/></methodName></methodCall>", "A <methodName> element should not have children.  This one has 1 of them."},
		"no param":         {"<methodCall><methodName>a</methodName><params><value/></params></methodCall>", "Expected element of type <param>, found <value>"},
		"param, no value":  {callWith("<foo/>"), "Expected element of type <value>, found <foo>"},
		"param, empty":     {callWith(""), "Expected <param> to have 1 children, found 0"},
		"param, two":       {callWith("<value/><value/>"), "Expected <param> to have 1 children, found 2"},
		"two types":        {callWith("<value><i4>1</i4><i4>2</i4></value>"), "<value> has 2 child elements.  Only zero or one make sense."},
		"unknown type":     {callWith("<value><i3>1</i3></value>"), "Unknown value type -- XML element is named <i3>"},
		"type with child":  {callWith("<value><string>a<b/></string></value>"), "The child of a <value> element is neither <array> nor <struct>, but has 1 child elements of its own."},
		"int, too large":   {callWith("<value><i4>4294967296</i4></value>"), "<int> value 4294967296 is above the range allowed by XML-RPC (maximum is 2147483647)"},
		"int, too small":   {callWith("<value><i4>-2147483649</i4></value>"), "<int> value -2147483649 is below the range allowed by XML-RPC (minimum is -2147483648)"},
		"int, huge":        {callWith("<value><int>99999999999999999999</int></value>"), "<int> XML element value '99999999999999999999' represents a number beyond the range that XML-RPC allows (-2147483648 - 2147483647)"},
		"int, words":       {callWith("<value><int>abc</int></value>"), "<int> value 'abc' contains non-numerical junk: 'abc'"},
		"int, junk":        {callWith("<value><int>1 </int></value>"), "<int> value '1 ' contains non-numerical junk: ' '"},
		"int, sign only":   {callWith("<value><int>-</int></value>"), "<int> value '-' contains non-numerical junk: '-'"},
		"int, space":       {callWith("<value><int> 0 </int></value>"), "<int> content ' 0 ' starts with white space"},
		"int, empty":       {callWith("<value><int></int></value>"), "<int> XML element content is empty"},
		"i8, empty":        {callWith("<value><i8/></value>"), "<i8> XML element content is empty"},
		"i8, space":        {callWith("<value><i8> 1</i8></value>"), "<i8> content ' 1' starts with white space"},
		"i8, huge":         {callWith("<value><i8>9223372036854775808</i8></value>"), "<i8> XML element value '9223372036854775808' is invalid because it does not represent a 64 bit integer.  Number cannot be represented in 64 bits.  Must be in the range [-9223372036854775808 - 9223372036854775807]"},
		"i8, junk":         {callWith("<value><i8>1x</i8></value>"), "<i8> XML element value '1x' is invalid because it does not represent a 64 bit integer.  contains non-numerical junk: 'x'"},
		"boolean":          {callWith("<value><boolean>true</boolean></value>"), "<boolean> XML element content must be either '0' or '1' according to XML-RPC.  This one has 'true'"},
		"double, garbage":  {callWith("<value><double>1x</double></value>"), "<double> element value '1x' is not a valid floating point number.  Garbage (not sign, digit, or period) starting at 'x'"},
		"double, infinite": {callWith("<value><double>inf</double></value>"), "<double> element value 'inf' is not a valid floating point number.  Garbage (not sign, digit, or period) starting at 'inf'"},
		"double, points":   {callWith("<value><double>1.2.3</double></value>"), "<double> element value '1.2.3' is not a valid floating point number.  Two decimal points"},
		"double, empty":    {callWith("<value><double></double></value>"), "<double> element value '' is not a valid floating point number.  No digits"},
		"double, large":    {callWith("<value><double>1" + strings.Repeat("0", 400) + "</double></value>"), "<double> element value '1" + strings.Repeat("0", 400) + "' is not a valid floating point number.  Value exceeds the size allowed by XML-RPC"},
		"date":             {callWith("<value><dateTime.iso8601>yesterday</dateTime.iso8601></value>"), "value 'yesterday' is not of any form we recognize for a <dateTime.iso8601> element"},
		"base64":           {callWith("<value><base64>a*b=</base64></value>"), "<base64> element is not valid base64 data: illegal base64 data at input byte 1"},
		"array, empty":     {callWith("<value><array/></value>"), "<array> element has 0 children.  Only one <data> makes sense."},
		"array, no data":   {callWith("<value><array><value/></array></value>"), "<array> element has <value> child.  Only <data> makes sense."},
		"array, no value":  {callWith("<value><array><data><i4/></data></array></value>"), "<data> element has <i4> child.  Only <value> makes sense."},
		"struct, other":    {callWith("<value><struct><name/></struct></value>"), "<name> element found where only <member> makes sense"},
		"member, three":    {callWith("<value><struct><member><name/><value/><value/></member></struct></value>"), "<member> element has 3 children.  Only one <name> and one <value> make sense."},
		"member, no name":  {callWith("<value><struct><member><value/><value/></member></struct></value>"), "<member> has no <name> child"},
		"member, no value": {callWith("<value><struct><member><name/><name/></member></struct></value>"), "<member> has no <value> child"},
		"name with child":  {callWith("<value><struct><member><name><a/></name><value/></member></struct></value>"), "<name> element has 1 children.  Should have none."},

		"bad XML after bad XML-RPC": {"<foo></bar>", token + "</bar>...': mismatched tag"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := UnmarshalCall([]byte(tt.in), Limits{})
			wantFault(t, err, CodeParse, "Call XML not a proper XML-RPC call.  "+tt.want)
		})
	}
}

func wantFault(t *testing.T, err error, code int, text string) {
	t.Helper()
	var got *Fault
	if !errors.As(err, &got) {
		t.Fatalf("got error %v, want a fault", err)
	}
	if diff := cmp.Diff(&Fault{Code: code, Text: text}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestDecodeDepth(t *testing.T) {
	t.Parallel()
	nested := func(n int, open, end string) string {
		return callWith(strings.Repeat("<value>"+open, n) + "<value/>" + strings.Repeat(end+"</value>", n))
	}
	const tooDeep = "Call XML not a proper XML-RPC call.  Nested data structure too deep."
	for name, form := range map[string][2]string{
		"arrays":  {"<array><data>", "</data></array>"},
		"structs": {"<struct><member><name>a</name>", "</member></struct>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, _, err := UnmarshalCall([]byte(nested(63, form[0], form[1])), Limits{}); err != nil {
				t.Errorf("64 values in each other: %v", err)
			}
			for _, n := range []int{64, 10_000, 1_000_000} {
				_, _, err := UnmarshalCall([]byte(nested(n, form[0], form[1])), Limits{})
				wantFault(t, err, CodeParse, tooDeep)
			}
		})
	}
	_, _, err := UnmarshalCall([]byte(strings.Repeat("<a>", 1_000_000)), Limits{})
	wantFault(t, err, CodeParse, "Call XML not a proper XML-RPC call.  XML-RPC call should be a <methodCall> element.  Instead, we have a <a> element.")
}

func TestDecodeTooManyValues(t *testing.T) {
	t.Parallel()
	in := callWith("<value><array><data>" + strings.Repeat("<value/>", 10) + "</data></array></value>")
	_, _, err := UnmarshalCall([]byte(in), Limits{Values: 10})
	wantFault(t, err, CodeLimitExceeded, "Call XML not a proper XML-RPC call.  More than 10 values: split the call.")
	if _, _, err := UnmarshalCall([]byte(in), Limits{Values: 11}); err != nil {
		t.Errorf("as many values as allowed: %v", err)
	}
}

// TestDecodeEveryTruncation: a call that is cut off anywhere is never valid.
func TestDecodeEveryTruncation(t *testing.T) {
	t.Parallel()
	whole := mustCall(t, "one.vm.info", "a:b", 5, true, []any{1.5, nil, Struct{{"a&b", "<c>"}}})
	whole = strings.TrimRight(whole, "\r\n")
	for i := range whole {
		if _, _, err := UnmarshalCall([]byte(whole[:i]), Limits{}); err == nil {
			t.Fatalf("cut after %d bytes it was still accepted", i)
		}
	}
}

func TestDecodeResponse(t *testing.T) {
	t.Parallel()
	const wrong = "Response is not a proper XML-RPC response.  "
	tests := map[string]struct{ in, want string }{
		"other root":     {"<methodCall/>", "XML-RPC response should be a <methodResponse> element.  Instead, we have a <methodCall> element."},
		"empty":          {"<methodResponse/>", "<methodResponse> has 0 children, should have 1."},
		"other child":    {"<methodResponse><a/></methodResponse>", "<methodResponse> must contain <params> or <fault>, but contains <a>."},
		"no value":       {"<methodResponse><params/></methodResponse>", "<params> of a response has 0 children, should have 1."},
		"fault, string":  {"<methodResponse><fault><value>a</value></fault></methodResponse>", "<value> element of <fault> response is not of structure type"},
		"fault, members": {"<methodResponse><fault><value><struct/></value></fault></methodResponse>", "Invalid struct for <fault> value.  It needs an integer faultCode and a string faultString."},
		"no XML":         {"a", "Not valid XML.  syntax error"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := UnmarshalResponse([]byte(tt.in), Limits{})
			wantFault(t, err, CodeParse, wrong+tt.want)
		})
	}
	_, err := UnmarshalResponse(MarshalFault(Faultf(7, "a <b>")), Limits{})
	wantFault(t, err, 7, "a <b>")
}

// TestFaultQuotesInPart: a fault about a long call is short.
func TestFaultQuotesInPart(t *testing.T) {
	t.Parallel()
	if got := len(MarshalFault(Faultf(1, "%s", strings.Repeat("a", 1<<20)))); got > mostFaultBytes+1000 {
		t.Errorf("got %d bytes", got)
	}
}
