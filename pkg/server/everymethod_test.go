package server_test

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The tests in this file get the methods from system.listMethods, so that new ones are tested,
// too.

// signature is a method with the types of its arguments after the session.
type signature struct {
	name  string
	types []string
}

// post makes a call and answers the body, which has to be well-formed.
func (w world) post(t *testing.T, method string, args ...string) string {
	t.Helper()
	body := "<?xml version='1.0'?><methodCall><methodName>" + method + "</methodName><params>"
	for _, a := range args {
		body += "<param><value>" + a + "</value></param>"
	}
	resp, err := http.Post(w.endpoint, "text/xml", strings.NewReader(body+"</params></methodCall>"))
	if err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("%s: status %d, %v", method, resp.StatusCode, err)
	}
	if err := wellFormed(string(answer)); err != nil {
		t.Errorf("%s %.300v: the answer is not XML: %v\n%.500s", method, args, err, answer)
	}
	return string(answer)
}

func wellFormed(text string) error {
	d := xml.NewDecoder(strings.NewReader(text))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		if _, err := d.Token(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

var word = regexp.MustCompile(`<string>([^<]*)</string>`)

// signatures asks the server for its methods and their signatures.
func (w world) signatures(t *testing.T) (list []signature) {
	t.Helper()
	for _, m := range word.FindAllStringSubmatch(w.post(t, "system.listMethods"), -1) {
		name := m[1]
		if !strings.HasPrefix(name, "one.") {
			continue
		}
		s := signature{name: name}
		for i, ty := range word.FindAllStringSubmatch(w.post(t, "system.methodSignature", str(name)), -1) {
			if i > 1 { // the first is of the result, the second of the session
				s.types = append(s.types, ty[1])
			}
		}
		list = append(list, s)
	}
	if len(list) < 200 {
		t.Fatalf("the server lists %d methods", len(list))
	}
	return list
}

func str(s string) string { return "<string>" + s + "</string>" }

// values makes an argument of each type of a signature.
func (s signature) values(session string, number int, text string) []string {
	args := []string{str(session)}
	for _, ty := range s.types {
		switch ty {
		case "int", "i4":
			args = append(args, "<i4>"+strconv.Itoa(number)+"</i4>")
		case "i8":
			args = append(args, "<i8>"+strconv.Itoa(number)+"</i8>")
		case "boolean":
			args = append(args, "<boolean>0</boolean>")
		case "array":
			args = append(args, "<array><data><value><i4>"+strconv.Itoa(number)+"</i4></value></data></array>")
		default:
			args = append(args, str(text))
		}
	}
	return args
}

var told = regexp.MustCompile(`(?s)<string>(.*?)</string>`)

// sane checks an answer: it is not an internal error, and a document in it is well-formed.
func sane(t *testing.T, name, about, answer string) {
	t.Helper()
	if strings.Contains(answer, "Internal error: the server") {
		t.Errorf("%s with %s: %.400s", name, about, answer)
	}
	if m := told.FindStringSubmatch(answer); m != nil && strings.HasPrefix(m[1], "&lt;") {
		inner := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#13;", "\r", "&amp;", "&").Replace(m[1])
		if err := wellFormed(inner); err != nil {
			t.Errorf("%s with %s: the document in the answer is not XML: %v\n%.500s", name, about, err, inner)
		}
	}
}

// TestEveryMethodTakesBadInput: every method answers bad input with an error or a document, and
// the server goes on.
func TestEveryMethodTakesBadInput(t *testing.T) {
	w := open(t, 1, nil)
	const session = "oneadmin:secret"
	texts := map[string]string{
		"nothing": "", "half a template": "NAME=\"a\"\nX=[Y=", "half of XML": "&lt;A&gt;&lt;B&gt;",
		"metacharacters": "NAME=\"a\"\nX=\"]]&gt;&lt;&amp;'\"\nY=[Z=\"&lt;!--\"]", "a name of metacharacters": "&lt;&amp;&gt;\"']]&gt;",
		"control characters": "NAME=\"&#1;&#27;\"", "bytes that are no UTF-8": "NAME=\"\xff\xfe\"", "a zero": "0",
	}
	for _, s := range w.signatures(t) {
		for about, text := range texts {
			sane(t, s.name, about, w.post(t, s.name, s.values(session, 4242, text)...))
		}
		for _, number := range []int{-1, -10, 1<<31 - 1, -1 << 31} {
			sane(t, s.name, strconv.Itoa(number), w.post(t, s.name, s.values(session, number, "X=\"1\"")...))
		}
		sane(t, s.name, "no arguments", w.post(t, s.name))
		sane(t, s.name, "the session alone", w.post(t, s.name, str(session)))
		sane(t, s.name, "a surplus argument", w.post(t, s.name, append(s.values(session, 4242, "x"), str("more"))...))
		wrong := []string{str(session)}
		for range s.types {
			wrong = append(wrong, "<struct></struct>")
		}
		sane(t, s.name, "structs", w.post(t, s.name, wrong...))
	}
	sane(t, "one.template.allocate", "a megabyte", w.post(t, "one.template.allocate", str(session), str("NAME=\"big\"\nX=\""+strings.Repeat("y", 1<<20)+"\"")))
	for _, pool := range []string{"one.imagepool.info", "one.templatepool.info", "one.documentpool.info", "one.vmpool.infoextended", "one.userpool.info"} {
		for _, s := range w.signatures(t) {
			if s.name == pool {
				sane(t, pool, "what was made", w.post(t, pool, s.values(session, -2, "")...))
			}
		}
	}
}

// TestUsersWithoutRights: a user without rights and a disabled user call every method on
// oneadmin's objects. What the former may call is listed in testdata/open-to-all.txt; the
// latter may call nothing.
func TestUsersWithoutRights(t *testing.T) {
	w := open(t, 1, nil)
	call := func(method string, args ...any) {
		t.Helper()
		if _, err := w.Call(context.Background(), method, args...); err != nil {
			t.Fatalf("%s: %v", method, err)
		}
	}
	call("one.group.allocate", "outsiders")
	call("one.vdc.delgroup", 0, 100)
	call("one.user.allocate", "stranger", "secret", "", []int{100})
	call("one.user.allocate", "disabled", "secret", "", []int{100})
	call("one.user.enable", 3, false)
	furnishWorld(call)
	allowed := openToAll(t)
	for _, s := range w.signatures(t) {
		for _, number := range []int{0, 100} {
			answer := w.post(t, s.name, s.values("disabled:secret", number, "X=\"1\"")...)
			if !strings.Contains(answer, "couldn't be authenticated") {
				t.Errorf("a disabled user called %s: %.300s", s.name, answer)
			}
			answer = w.post(t, s.name, s.values("stranger:secret", number, "X=\"1\"")...)
			if strings.Contains(answer, "hidden") {
				t.Errorf("a user without rights can see with %s: %.300s", s.name, answer)
			}
			if strings.Contains(answer, "<boolean>1</boolean>") && !allowed[s.name] && !looksIntoPool(s.name) {
				t.Errorf("a user without rights may call %s %d: %.300s", s.name, number, answer)
			}
		}
	}
	if _, err := dial(t, w.endpoint, "stranger:secret").Call(context.Background(), "one.user.info", -1); err != nil {
		t.Errorf("the user without rights cannot log in: %v", err)
	}
}

// looksIntoPool tells whether a method lists the objects that its caller may see: everybody may
// call it, but a user without rights sees none.
func looksIntoPool(method string) bool {
	noun, verb, _ := strings.Cut(strings.TrimPrefix(method, "one."), ".")
	return strings.HasSuffix(noun, "pool") && slices.Contains([]string{"info", "infoextended", "infoset", "monitoring", "accounting", "showback"}, verb)
}

// furnishWorld creates an object of many kinds, all of them oneadmin's and named hidden.
func furnishWorld(call func(string, ...any)) {
	call("one.template.allocate", "NAME=\"hidden\"\nCPU=1\nMEMORY=64")
	call("one.vm.allocate", "NAME=\"hidden\"\nCPU=1\nMEMORY=64", true)
	call("one.vn.allocate", "NAME=\"hidden\"\nVN_MAD=dummy\nBRIDGE=b\nAR=[TYPE=IP4,IP=10.1.1.1,SIZE=5]", -1)
	call("one.vntemplate.allocate", "NAME=\"hidden\"\nVN_MAD=dummy")
	call("one.document.allocate", "NAME=\"hidden\"", 0)
	call("one.vmgroup.allocate", "NAME=\"hidden\"\nROLE=[NAME=a]")
	call("one.vdc.allocate", "NAME=\"hidden\"")
	call("one.cluster.allocate", "hidden")
	call("one.secgroup.allocate", "NAME=\"hidden\"")
	call("one.image.allocate", "NAME=\"hidden\"\nTYPE=DATABLOCK\nSIZE=1", 1)
}

// openToAll reads the list of methods that every user may call.
func openToAll(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "open-to-all.txt"))
	if err != nil {
		t.Fatal(err)
	}
	allowed := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if name, _, _ := strings.Cut(strings.TrimSpace(line), " "); name != "" && name != "#" {
			allowed[name] = true
		}
	}
	return allowed
}
