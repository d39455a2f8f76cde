package bench

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// answering gives one answer to every call, and then may close the connection, as oned does.
func answering(t *testing.T, answer string, closes bool) *caller {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || !strings.Contains(string(body), "<string>a:&lt;b</string>") {
			t.Errorf("the call: %v %s", err, body)
		}
		if closes {
			w.Header().Set("Connection", "close")
		}
		fmt.Fprint(w, answer)
	}))
	t.Cleanup(s.Close)
	c, err := Target{Endpoint: s.URL, Session: "a:<b"}.caller()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	return c
}

const good = "<array><data><value><boolean>1</boolean></value><value>%s</value></data></array>"

func TestCallerReadsAnswers(t *testing.T) {
	t.Parallel()
	for _, closes := range []bool{false, true} {
		c := answering(t, fmt.Sprintf(good, "<i4>17</i4>"), closes)
		for range 3 {
			if id, err := c.id("one.vm.allocate", "x", 1, true); id != 17 || err != nil {
				t.Fatalf("closes=%v: got %d, %v", closes, id, err)
			}
			if kept := c.conn != nil; kept == closes {
				t.Fatalf("closes=%v: the connection is kept: %v", closes, kept)
			}
		}
	}
}

func TestCallerTellsRefusals(t *testing.T) {
	t.Parallel()
	c := answering(t, "<array><data><value><boolean>0</boolean></value><value><string>no such VM</string></value></data></array>", false)
	if _, err := c.call("one.vm.info", 1); !errors.Is(err, errRefused) || !strings.Contains(err.Error(), "no such VM") {
		t.Errorf("got %v, want a refusal in the server's words", err)
	}
}

// A long answer is read to its end without being stored, unless there is a buffer.
func TestCallerReadsLongAnswers(t *testing.T) {
	t.Parallel()
	var vms strings.Builder
	for id := range 500 {
		fmt.Fprintf(&vms, "&lt;VM&gt;&lt;ID&gt;%d&lt;/ID&gt;&lt;LCM_STATE&gt;%d&lt;/LCM_STATE&gt;&lt;/VM&gt;", 500-id, id%2*3)
	}
	c := answering(t, fmt.Sprintf(good, "<string>&lt;VM_POOL&gt;"+vms.String()+"</string>"), false)
	size, err := c.call("one.vmpool.info")
	if err != nil || size < int64(vms.Len()) {
		t.Errorf("call answered %d bytes, %v", size, err)
	}
	ids, err := c.ids("VM", "one.vmpool.info")
	if err != nil || len(ids) != 500 || ids[0] != 1 || ids[499] != 500 {
		t.Errorf("ids: %v, %v", ids, err)
	}
	if n, err := c.count("one.vmpool.info", runs); n != 250 || err != nil {
		t.Errorf("%d VMs run, %v; want 250", n, err)
	}
}
