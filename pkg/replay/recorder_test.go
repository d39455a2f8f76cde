package replay

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRecordedIsPlayedAgain plays against a server and then against the recording of that.
func TestRecordedIsPlayedAgain(t *testing.T) {
	t.Parallel()
	steps := readSteps(t, filepath.Join("testdata", "small.jsonl"))
	asked := make([]Step, len(steps))
	for i, s := range steps {
		if s.Wait == nil && s.Withheld() { // as the server makes up that answer
			_, steps[i].Answer = verbatim(s)
			steps[i].Status = "HTTP 200 OK"
		}
		s.Answer, s.Status = "", ""
		asked[i] = s
	}
	played, out := list(asked), bytes.Buffer{}
	_, err := Run(t.Context(), Options{Scenario: &played, Endpoint: serve(t, steps, verbatim), Record: &out, Set: map[string]string{"ONE": "/srv/one"}})
	if err != nil {
		t.Fatal(err)
	}
	recorded := drain(t, Open(&out))
	if diff := cmp.Diff(steps, recorded); diff != "" {
		t.Errorf("what was recorded is not what was answered (-answered +recorded):\n%s", diff)
	}
}
