package replay

import (
	"net/http"
	"strings"
	"testing"
)

// TestTokens plays a login whose recorded answer is withheld; the token that the recording uses
// afterwards has to be replaced by the endpoint's.
func TestTokens(t *testing.T) {
	t.Parallel()
	old, ours, chosen := strings.Repeat("0a", 32), strings.Repeat("1b", 32), strings.Repeat("2c", 20)
	steps := []Step{
		call(t, 1, "one.user.login", "alice:pw", "alice", ""),
		call(t, 2, "one.user.login", "alice:pw", "alice", chosen),
		call(t, 3, "one.user.info", "alice:"+old),
		call(t, 4, "one.user.info", "alice:"+chosen),
	}
	var sent []string
	tokens := newTokens()
	for _, s := range steps {
		request := tokens.rewrite(s.Request)
		sent = append(sent, request)
		tokens.learn(s, answer{body: response("<boolean>1</boolean>", "<string>"+ours+"</string>", "<i4>0</i4>")})
	}
	if !strings.Contains(sent[2], "alice:"+ours) {
		t.Errorf("the recorded token was sent as %s", sent[2])
	}
	if sent[3] != steps[3].Request {
		t.Errorf("a token that the scenario chose was changed to %s", sent[3])
	}
}

func call(t *testing.T, n int, method string, params ...any) Step {
	t.Helper()
	request, err := encodeCall(method, params)
	if err != nil {
		t.Fatal(err)
	}
	return Step{N: n, Name: method, Method: method, Request: request}
}

func TestWaitTarget(t *testing.T) {
	t.Parallel()
	about := func(method string, body string) exchange {
		s := Step{Method: method, Request: "<param><value><i4>8</i4></value></param>"}
		return exchange{step: s, answer: answer{body: body}}
	}
	for _, c := range []struct {
		wait   string
		before exchange
		want   target
	}{
		{"wait-vm12-3-3", exchange{}, target{"one.vm.info", 12}},
		{"wait-vnet10-1", exchange{}, target{"one.vn.info", 10}},
		{"wait-ds1-monitored", exchange{}, target{"one.datastore.info", 1}},
		{"wait-ds-d3-monitored", exchange{}, target{"one.datastore.info", 102}},
		{"wait-image-deleted", about("one.image.delete", ""), target{"one.image.info", 8}},
		{"later", about("one.host.allocate", response("<boolean>1</boolean>", "<i4>5</i4>", "<i4>0</i4>")), target{"one.host.info", 5}},
	} {
		got, err := waitTarget(c.wait, c.before)
		if err != nil || got != c.want {
			t.Errorf("target of %s = %v, %v, want %v", c.wait, got, err, c.want)
		}
	}
	for _, before := range []exchange{{}, about("one.vm.allocate", "no answer"), {step: Step{Method: "one.userpool.info"}}} {
		if got, err := waitTarget("later", before); err == nil {
			t.Errorf("target after %q = %v, want an error", before.step.Method, got)
		}
	}
}

// TestWaits waits for an object that does not change, and one that is gone.
func TestWaits(t *testing.T) {
	t.Parallel()
	stuck := response("<boolean>1</boolean>", "<string>"+escape("<VM><STATE>1</STATE></VM>")+"</string>", "<i4>0</i4>")
	gone := response("<boolean>0</boolean>", "<string>gone</string>", "<i4>1024</i4>", "<i4>0</i4>")
	refusal := call(t, 1, "one.vm.action", "s", "x")
	refusal.Answer = gone
	wait := Step{N: 2, Name: "wait-vm0-3", Wait: map[string]string{"STATE": "3"}}
	for _, c := range []struct {
		name, answer, detail string
		steps                []Step
		want                 Class
	}{
		{"stuck", stuck, "one.vm.info 0: want STATE=3, got STATE=1 after 100ms", []Step{wait}, Unmet},
		{"gone", gone, "one.vm.info 0: there is no such object", []Step{wait}, Unmet},
		{"gone as recorded", gone, "nothing to wait for: the call before is refused as recorded", []Step{refusal, wait}, Waited},
		{"without words", "?", "one.vm.info 0: want STATE=3, got reading XML: 0 root elements, want one and no text beside it after 100ms", []Step{wait}, Unmet},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			results := playFixed(t, c.steps, c.answer)
			last := results[len(results)-1]
			if last.Class != c.want || last.Detail != c.detail {
				t.Errorf("%s: %s, want %s: %s", last.Class, last.Detail, c.want, c.detail)
			}
		})
	}
}

// playFixed plays against a server with one answer to everything.
func playFixed(t *testing.T, steps []Step, answer string) []Result {
	t.Helper()
	return playHandler(t, steps, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(answer))
	})).Results
}
