package rvpe_test

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

// fakeServer answers rvpe.* with files and remembers what was called. The answer to
// rvpe.vm.action(5, "suspend") is the first of the files
//
//	rvpe.vm.action.5.suspend   rvpe.vm.action.5   rvpe.vm.action
//
// that exists. A file holds a document or another text, a number, or a refusal written
// as "error text". Without a file a call succeeds and answers nothing, as most of
// RENKEI-VPE's do.
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

// session is oneadmin's, with the password "secret".
const session = "oneadmin:e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4"

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
}

func (v value) text() string {
	switch {
	case v.String != nil:
		return *v.String
	case v.Int != nil:
		return strconv.Itoa(*v.Int)
	case v.Boolean != nil:
		return strconv.FormatBool(*v.Boolean == 1)
	}
	return ""
}

// quoted tells a text from a number.
func (v value) quoted() string {
	if v.String != nil {
		return strconv.Quote(*v.String)
	}
	return v.text()
}

func (f *fakeServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var call methodCall
	if err := xml.NewDecoder(r.Body).Decode(&call); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if len(call.Params) == 0 || call.Params[0].text() != session {
		user, _, _ := strings.Cut(call.Params[0].text(), ":")
		respond(w, "error Authentication failed: "+user)
		return
	}
	args := call.Params[1:]
	f.mu.Lock()
	f.calls.WriteString(call.Method)
	for _, arg := range args {
		f.calls.WriteString(" " + arg.quoted())
	}
	f.calls.WriteString("\n")
	f.mu.Unlock()
	respond(w, f.answer(call.Method, args))
}

func (f *fakeServer) answer(method string, args []value) string {
	names := []string{method}
	for _, arg := range args {
		method += "." + arg.text()
		names = append([]string{method}, names...)
	}
	for _, name := range names {
		for _, dir := range f.dirs {
			if text, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
				return strings.TrimSuffix(string(text), "\n")
			}
		}
	}
	return ""
}

func respond(w http.ResponseWriter, answer string) {
	body := "<value><boolean>1</boolean></value>"
	if refusal, ok := strings.CutPrefix(answer, "error "); ok {
		body = "<value><boolean>0</boolean></value><value><string>" + html.EscapeString(refusal) + "</string></value>"
	} else if _, err := strconv.Atoi(answer); err == nil {
		body += "<value><i4>" + answer + "</i4></value>"
	} else if answer != "" {
		body += "<value><string>" + html.EscapeString(answer) + "</string></value>"
	}
	w.Header().Set("Content-Type", "text/xml")
	fmt.Fprintf(w, `<?xml version="1.0" ?><methodResponse><params><param><value><array><data>%s</data></array></value></param></params></methodResponse>`+"\n", body)
}
