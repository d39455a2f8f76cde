package server

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/xmlrpc"
)

// troubles is a log that collects the server's errors, other than those of transactions that a
// read-only world refuses.
type troubles struct{ lines []string }

func (l *troubles) Write(p []byte) (int, error) {
	if line := string(p); strings.Contains(line, `"level":"error"`) && !strings.Contains(line, "frozen") {
		l.lines = append(l.lines, line)
	}
	return len(p), nil
}

// watched is a read-only world, and the errors that the server logs.
func watched(t testing.TB) (*rightsWorld, *troubles) {
	w := newRightsWorld(t)
	l := &troubles{}
	w.server.one.Log = zerolog.New(l)
	w.log.Fail = w.refused
	return w, l
}

// TestMegabytes: calls with a megabyte in any of their texts are answered soon and in bounded
// memory. Each parameter is tried with one of the texts (in short tests, one parameter in
// five); with RENKEI_TEST_LONG=1, with all.
func TestMegabytes(t *testing.T) {
	const size = 1 << 20
	w, l := watched(t)
	texts := map[string]string{
		"a long word":     strings.Repeat("x", size),
		"a long value":    `X="` + strings.Repeat("x", size) + `"`,
		"many attributes": strings.Repeat("A=1\n", size/4),
		"one long list":   strings.Repeat("1,", size/2),
		"many vectors":    strings.Repeat("NIC=[A=1]\n", size/10),
		"half a template": "X=[" + strings.Repeat("Y=1,", size/4),
	}
	names, next := slices.Sorted(maps.Keys(texts)), 0
	for _, line := range readRights(t, w.things) {
		m, served := w.methods[line.method]
		if !served {
			continue
		}
		for i, p := range m.Params[1:] {
			if p.Type != xmlrpc.String || i >= len(line.args) {
				continue
			}
			if next++; testing.Short() && next%5 != 0 {
				continue
			}
			for n, name := range names {
				if n != next%len(names) && os.Getenv("RENKEI_TEST_LONG") == "" {
					continue
				}
				args := w.arguments(line)
				args[i] = texts[name]
				w.measured(t, l, line.method+" with "+name, args)
			}
		}
	}
}

func (w *rightsWorld) measured(t *testing.T, l *troubles, about string, args []any) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begin := time.Now()
	method, _, _ := strings.Cut(about, " ")
	got := w.call("oneadmin:secret", method, args...)
	took := time.Since(begin)
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 512<<20 {
		t.Errorf("%s: memory use grew by %d MiB", about, grown>>20)
	}
	if took > 30*time.Second {
		t.Errorf("%s: took %v", about, took)
	}
	if len(l.lines) > 0 {
		t.Errorf("%s: %.300s: %.600s", about, got.text, l.lines)
		l.lines = nil
	}
}

// FuzzCall calls any method as any user with arguments of the right types: the answer must
// never be an internal error.
func FuzzCall(f *testing.F) {
	w, l := watched(f)
	lines := readRights(f, w.things)
	lines = slices.DeleteFunc(lines, func(line rightsLine) bool { _, served := w.methods[line.method]; return !served })
	for i, line := range lines {
		f.Add(line.String(), byte(i), []byte{0}, "NAME=x\nDISK=[IMAGE_ID=0]\nNIC=[NETWORK_ID=0]")
	}
	callers := []string{"oneadmin:secret", "alice:secret", "dave:secret"}
	f.Fuzz(func(t *testing.T, call string, who byte, choice []byte, text string) {
		w.t = t
		line := lineOf(lines, call)
		args := w.arguments(line)
		for i := range args {
			if len(choice) == 0 {
				break
			}
			args[i], choice = mutated(args[i], choice, text)
		}
		got := w.call(callers[int(who)%len(callers)], line.method, args...)
		if len(l.lines) > 0 {
			lines := l.lines
			l.lines = nil
			t.Fatalf("%s %q: %s: %s", line.method, args, got.text, lines)
		}
		if !utf8.ValidString(text) {
			return
		}
		if !utf8.ValidString(got.text) {
			t.Fatalf("%s %q: the answer is not UTF-8: %q", line.method, args, got.text)
		}
	})
}

// lineOf finds the line of rights.txt for a call, by its text, so that seeds stay valid when
// lines are added. Other texts, which fuzzers generate, are mapped to some line.
func lineOf(lines []rightsLine, call string) rightsLine {
	if at := slices.IndexFunc(lines, func(l rightsLine) bool { return l.String() == call }); at >= 0 {
		return lines[at]
	}
	return lines[int(crc32.ChecksumIEEE([]byte(call)))%len(lines)]
}

// mutated changes an argument, as the first bytes of choice determine.
func mutated(arg any, choice []byte, text string) (any, []byte) {
	what := choice[0]
	choice = choice[1:]
	if what%3 == 0 {
		return arg, choice
	}
	switch v := arg.(type) {
	case int:
		var b [4]byte
		choice = choice[copy(b[:], choice):]
		return int(int32(binary.LittleEndian.Uint32(b[:]))) % (1 << (what % 31)), choice
	case int64:
		return v ^ int64(what)<<(what%60), choice
	case bool:
		return !v, choice
	case string:
		if what%3 == 1 {
			return v + "\n" + text, choice
		}
		return text, choice
	}
	return arg, choice
}

// FuzzBody posts any body to the API: the answer is XML, or an HTTP error.
func FuzzBody(f *testing.F) {
	w, l := watched(f)
	for _, name := range []string{"one.vm.allocate", "one.vm.info", "one.vmpool.info", "one.user.allocate", "system.multicall", "system.methodSignature"} {
		f.Add([]byte(`<?xml version="1.0"?><methodCall><methodName>` + name + `</methodName><params><param><value>oneadmin:secret</value></param>` +
			`<param><value><i4>0</i4></value></param><param><value><string>NAME="a"&#10;X=[Y=&lt;]</string></value></param>` +
			`<param><value><array><data><value><boolean>1</boolean></value></data></array></value></param></params></methodCall>`))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r := httptest.NewRequest(http.MethodPost, w.server.config.Path, bytes.NewReader(body))
		r.Header.Set("Content-Type", "text/xml")
		rec := httptest.NewRecorder()
		w.server.wires[0].server.ServeHTTP(rec, r)
		if rec.Code >= 500 || len(l.lines) > 0 {
			lines := l.lines
			l.lines = nil
			t.Fatalf("%d: %s\n%s", rec.Code, rec.Body.String(), lines)
		}
		if rec.Code == http.StatusOK && !strings.HasPrefix(rec.Body.String(), "<?xml") {
			t.Fatalf("answered %q", rec.Body.String())
		}
	})
}
