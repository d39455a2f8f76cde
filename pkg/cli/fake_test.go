package cli_test

import (
	"encoding/xml"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// fakeServer answers XML-RPC with files and remembers what was called. The
// answer to one.vm.action("hold", 5) is the first of the files
//
//	one.vm.action.hold.5   one.vm.action.5   one.vm.action
//
// that exists. A file holds a document, a number, or a failure written as
// "error 1024 text". Without a file a call succeeds with the number of its
// object, or fails when it asks for a document.
type fakeServer struct {
	http *httptest.Server
	dirs []string

	mu    sync.Mutex
	calls strings.Builder
}

func newFakeServer(dirs ...string) *fakeServer {
	f := &fakeServer{dirs: dirs}
	f.http = httptest.NewServer(f)
	return f
}

func (f *fakeServer) url() string { return f.http.URL + "/RPC2" }
func (f *fakeServer) close()      { f.http.Close() }

// taken answers the calls since it was last called.
func (f *fakeServer) taken() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	calls := f.calls.String()
	f.calls.Reset()
	return calls
}

type methodCall struct {
	Method string  `xml:"methodName"`
	Params []value `xml:"params>param>value"`
}

type value struct {
	String  *string `xml:"string"`
	Int     *int    `xml:"int"`
	Boolean *int    `xml:"boolean"`
	Array   []value `xml:"array>data>value"`
}

func (v value) text() string {
	switch {
	case v.String != nil:
		return strconv.Quote(*v.String)
	case v.Int != nil:
		return strconv.Itoa(*v.Int)
	case v.Boolean != nil:
		return strconv.FormatBool(*v.Boolean == 1)
	}
	words := make([]string, len(v.Array))
	for i, item := range v.Array {
		words[i] = item.text()
	}
	return "[" + strings.Join(words, " ") + "]"
}

func (f *fakeServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var call methodCall
	if err := xml.NewDecoder(r.Body).Decode(&call); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if len(call.Params) == 0 || call.Params[0].text() != `"oneadmin:secret"` {
		respond(w, "error 256 ["+call.Method+"] User couldn't be authenticated, aborting call.")
		return
	}
	args := call.Params[1:]
	f.mu.Lock()
	f.calls.WriteString(call.Method)
	for _, arg := range args {
		f.calls.WriteString(" " + arg.text())
	}
	f.calls.WriteString("\n")
	f.mu.Unlock()
	respond(w, f.answer(call.Method, args))
}

func (f *fakeServer) answer(method string, args []value) string {
	whole, object := method, "0"
	for i := len(args) - 1; i >= 0; i-- {
		if args[i].Int != nil && *args[i].Int >= 0 {
			object = strconv.Itoa(*args[i].Int)
		}
	}
	for _, arg := range args {
		whole += "." + strings.Trim(arg.text(), `"`)
	}
	for _, name := range []string{whole, method + "." + object, method} {
		for _, dir := range f.dirs {
			if text, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
				return strings.TrimSpace(string(text))
			}
		}
	}
	if strings.HasSuffix(method, ".info") {
		return fmt.Sprintf("error 1024 [%s] Error getting object [%s].", method, object)
	}
	return object
}

func respond(w http.ResponseWriter, answer string) {
	body := "<value><boolean>1</boolean></value>"
	if failure, ok := strings.CutPrefix(answer, "error "); ok {
		code, text, _ := strings.Cut(failure, " ")
		body = "<value><boolean>0</boolean></value><value><string>" + html.EscapeString(text) +
			"</string></value><value><i4>" + code + "</i4></value><value><i4>-1</i4></value><value><i8>-1</i8></value>"
	} else if _, err := strconv.Atoi(answer); err == nil {
		body += "<value><i4>" + answer + "</i4></value><value><i4>0</i4></value>"
	} else {
		body += "<value><string>" + html.EscapeString(answer) + "</string></value><value><i4>0</i4></value>"
	}
	fmt.Fprintf(w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<methodResponse>\n<params>\n<param><value><array><data>\n%s\n</data></array></value></param>\n</params>\n</methodResponse>\n", body)
}
