package xmlrpc

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rogpeppe/go-internal/txtar"
)

// seed adds one part of every transcript to the corpus.
func seed(f *testing.F, part int) {
	f.Helper()
	files, err := filepath.Glob("testdata/rpc/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		data := a.Files[part].Data
		f.Add(bytes.TrimPrefix(data, []byte("200 OK\n")))
	}
	f.Add([]byte("<?xml version='1.0' encoding='ISO-8859-1'?><methodCall><methodName>\xe9</methodName></methodCall>"))
	f.Add([]byte("\xFF\xFE<\x00a\x00/\x00>\x00"))
	f.Add([]byte(callWith("<value>a<![CDATA[b]]>&#x43;\r\n</value>")))
}

// FuzzDecodeCall: a decoded call is the same after encoding and decoding, and is well-formed
// for the standard library.
func FuzzDecodeCall(f *testing.F) {
	seed(f, 0)
	f.Fuzz(func(t *testing.T, doc []byte) {
		method, args, err := UnmarshalCall(doc, Limits{})
		if err != nil {
			wantOnlyFaults(t, err)
			return
		}
		if plainXML(doc) {
			wantXML(t, doc)
		}
		again, err := MarshalCall(method, args...)
		if err != nil {
			t.Fatalf("writing what was read: %v", err)
		}
		method2, args2, err := UnmarshalCall(again, Limits{})
		if err != nil || method2 != method {
			t.Fatalf("method %q became %q; %v", method, method2, err)
		}
		if diff := cmp.Diff(args, args2, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("-first +second\n%s", diff)
		}
	})
}

// FuzzDecodeResponse does the same with responses.
func FuzzDecodeResponse(f *testing.F) {
	seed(f, 1)
	f.Fuzz(func(t *testing.T, doc []byte) {
		v, err := UnmarshalResponse(doc, Limits{})
		if err != nil {
			wantOnlyFaults(t, err)
			return
		}
		again, err := MarshalResponse(v)
		if err != nil {
			t.Fatalf("writing what was read: %v", err)
		}
		v2, err := UnmarshalResponse(again, Limits{})
		if err != nil {
			t.Fatalf("reading what was written: %v", err)
		}
		if diff := cmp.Diff(v, v2, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("-first +second\n%s", diff)
		}
	})
}

// wantOnlyFaults: every error is a Fault.
func wantOnlyFaults(t *testing.T, err error) {
	t.Helper()
	var fault *Fault
	if !errors.As(err, &fault) {
		t.Fatalf("got %v, want a fault", err)
	}
	if !utf8.ValidString(fault.Text) || len(fault.Text) > mostFaultBytes {
		return // truncated
	}
	if _, err := UnmarshalResponse(MarshalFault(fault), Limits{}); err.Error() != fault.Error() {
		t.Fatalf("the fault %q arrives as %q", fault, err)
	}
}

// plainXML reports whether a document has none of the parts that are skipped without
// validation: declarations, instructions, comments, attributes.
func plainXML(doc []byte) bool {
	return !bytes.ContainsAny(doc, "?!=\xFE\xFF")
}

// wantXML reads a document with the standard library.
func wantXML(t *testing.T, doc []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(doc))
	for {
		if _, err := d.RawToken(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("encoding/xml: %v", err)
		}
	}
}
