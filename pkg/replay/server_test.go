package replay

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// recorded is a server that answers the steps of a scenario in order, as recorded or as change
// makes them. All other calls are polls of a wait, whose condition is met at the second one.
type recorded struct {
	mu     sync.Mutex
	steps  []Step
	polls  int
	change func(Step) (status int, body string)
}

// serve starts it and answers its endpoint.
func serve(t *testing.T, steps []Step, change func(Step) (int, string)) string {
	t.Helper()
	s := httptest.NewServer(&recorded{steps: steps, change: change})
	t.Cleanup(s.Close)
	return s.URL + "/RPC2"
}

// verbatim answers what is recorded, or a plausible answer if nothing is.
func verbatim(s Step) (int, string) {
	if s.Withheld() {
		return http.StatusOK, response("<boolean>1</boolean>", "<i4>0</i4>", "<i4>0</i4>")
	}
	if s.Status == "" {
		return http.StatusOK, s.Answer
	}
	code, err := strconv.Atoi(strings.Fields(s.Status)[1])
	if err != nil {
		return http.StatusInternalServerError, err.Error()
	}
	return code, s.Answer
}

// response is an XML-RPC answer with an array of these values.
func response(values ...string) string {
	return "<?xml version=\"1.0\"?><methodResponse><params><param><value><array><data><value>" +
		strings.Join(values, "</value><value>") + "</value></data></array></value></param></params></methodResponse>"
}

func (r *recorded) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	status, answer := r.next(string(body))
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	fmt.Fprint(w, strings.ReplaceAll(answer, "\n", "\r\n"))
}

func (r *recorded) next(body string) (int, string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.steps) > 0 && r.steps[0].Wait != nil {
		return http.StatusOK, r.poll()
	}
	if len(r.steps) == 0 || !strings.Contains(squeeze(r.steps[0].Request), squeeze(body)) {
		return http.StatusInternalServerError, "unexpected request: " + body
	}
	step := r.steps[0]
	r.steps = r.steps[1:]
	return r.change(step)
}

// poll answers an object that has reached its state from the second poll on.
func (r *recorded) poll() string {
	r.polls++
	if r.polls%2 == 1 {
		return response("<boolean>1</boolean>", "<string>&lt;X>&lt;STATE>0&lt;/STATE>&lt;/X></string>", "<i4>0</i4>")
	}
	want := r.steps[0].Wait
	r.steps = r.steps[1:]
	if text, ok := want["error"]; ok {
		return response("<boolean>0</boolean>", "<string>"+text+"</string>", "<i4>1024</i4>", "<i4>8</i4>")
	}
	var doc strings.Builder
	for name, value := range want {
		fmt.Fprintf(&doc, "<%s>%s</%s>", name, value, name)
	}
	return response("<boolean>1</boolean>", "<string>"+escape("<X>"+doc.String()+"</X>")+"</string>", "<i4>0</i4>")
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }
