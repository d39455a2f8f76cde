package xmlrpc

import (
	"context"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
)

// rubyServer has one method, and behaves like Ruby's server on every path.
func rubyServer(t *testing.T) *httptest.Server {
	t.Helper()
	r := NewRuby()
	if err := r.Add(Method{
		Name: "x.echo", Params: []Param{{Name: "text"}}, Signature: []string{"val", "string"}, Help: "answers",
		Handle: func(_ context.Context, c *Call) (any, error) { return []any{true, c.Args[0], ""}, nil },
	}); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(&Server{Routes: []Route{{Path: AnyPath, Registry: r}}})
	t.Cleanup(s.Close)
	return s
}

func TestRuby(t *testing.T) {
	t.Parallel()
	s := rubyServer(t)
	const open, end = `<?xml version="1.0" ?><methodResponse><params><param><value>`, "</value></param></params></methodResponse>\n"
	missing := func(name string) string {
		return `<?xml version="1.0" ?><methodResponse><fault><value><struct><member><name>faultCode</name><value><i4>-99</i4></value></member>` +
			`<member><name>faultString</name><value><string>Method ` + name + ` missing or wrong number of parameters!</string></value></member>` +
			"</struct></value></fault></methodResponse>\n"
	}
	for _, tt := range []struct {
		path, method string
		args         []any
		want         string
	}{
		{"/", "x.echo", []any{"<a>\n\"b\""}, open + "<array><data><value><boolean>1</boolean></value><value><string>&lt;a&gt;\n\"b\"</string></value><value><string></string></value></data></array>" + end},
		{"/RPC2", "x.echo", nil, missing("x.echo")},
		{"/a/b", "x.echo", []any{"1", "2"}, missing("x.echo")},
		{"/", "system.multicall", []any{[]any{}}, missing("system.multicall")},
		{"/", "system.methodHelp", []any{"x.echo"}, open + "<string>answers</string>" + end},
		{"/", "system.methodSignature", []any{"x.echo"}, open + "<array><data><value><array><data><value><string>val</string></value><value><string>string</string></value></data></array></value></data></array>" + end},
		{"/", "system.listMethods", nil, open + "<array><data><value><string>x.echo</string></value><value><string>system.listMethods</string></value><value><string>system.methodSignature</string></value><value><string>system.methodHelp</string></value></data></array>" + end},
	} {
		call, err := MarshalCall(tt.method, tt.args...)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := s.Client().Post(s.URL+tt.path, "text/xml", strings.NewReader(string(call)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		if err := resp.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if err != nil || string(got) != tt.want {
			t.Errorf("%s %v at %s:\ngot  %q, %v\nwant %q", tt.method, tt.args, tt.path, got, err, tt.want)
		}
	}
}
