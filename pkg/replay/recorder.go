package replay

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// recorder writes what an endpoint answers as a scenario, so that any server can
// be the original for the next one. The nil recorder writes nothing.
type recorder struct {
	lines *json.Encoder
	set   map[string]string // placeholders, which stand for their values again
}

func newRecorder(w io.Writer, set map[string]string) *recorder {
	if w == nil {
		return nil
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return &recorder{lines: e, set: set}
}

// note writes one step: a wait as it is, a call as it was sent and answered.
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

// pause lets a moment pass before a wait first looks: an object that is still in
// the state which it is about to leave would end the wait too early, and what is
// recorded after it would not be what happens when nobody hurries.
func (r *recorder) pause(d time.Duration) {
	if r != nil {
		time.Sleep(d)
	}
}

// conceal puts the placeholders back for what they were filled with.
func (r *recorder) conceal(text string) string {
	for name, value := range r.set {
		if value != "" {
			text = strings.ReplaceAll(text, value, "@"+name+"@")
		}
	}
	return text
}
