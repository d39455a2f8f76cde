package replay

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// recorder writes the endpoint's answers as a scenario, so that any server can be the reference
// for another one. The nil recorder writes nothing.
type recorder struct {
	lines *json.Encoder
	set   map[string]string // placeholders to put back in place of their values
}

func newRecorder(w io.Writer, set map[string]string) *recorder {
	if w == nil {
		return nil
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return &recorder{lines: e, set: set}
}

// note writes one step: a wait unchanged, a call as it was sent and answered.
func (r *recorder) note(s Step, x exchange) error {
	if r == nil {
		return nil
	}
	line := record{N: s.N, Name: s.Name, Fail: s.Fail, Wait: s.Wait}
	if s.Wait == nil {
		request := r.conceal(x.request)
		line.Request, line.Status = &request, "HTTP "+x.answer.status
		line.Response = r.conceal(strings.ReplaceAll(x.answer.body, "\r\n", "\n"))
	}
	if err := r.lines.Encode(line); err != nil {
		return fmt.Errorf("writing the recording: %w", err)
	}
	return nil
}

// pause waits before a wait first polls: if an object is still in the state that it is about to
// leave, the wait would end too early, and the following calls would be recorded in another
// state.
func (r *recorder) pause(d time.Duration) {
	if r != nil {
		time.Sleep(d)
	}
}

// conceal replaces values by their placeholders.
func (r *recorder) conceal(text string) string {
	for name, value := range r.set {
		if value != "" {
			text = strings.ReplaceAll(text, value, "@"+name+"@")
		}
	}
	return text
}
