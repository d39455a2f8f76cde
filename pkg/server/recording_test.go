package server_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/replay"
)

// differing lists the answers that are known to differ, with reasons. The test accepts a few
// more differences, as a busy machine may take seconds for what took none in the recording.
const (
	differing    = "testdata/one-7.4.allow"
	equalAtLeast = 525
)

// TestRecordedAnswers plays recorded calls to oned 7.4 against an empty server with simulated
// hosts and without scheduler.
func TestRecordedAnswers(t *testing.T) {
	recording := filepath.Join("..", "..", "..", "shared", "golden", "one-7.jsonl")
	file, err := os.Open(recording)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the recording of a real oned is not beside this tree: ", recording)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	list, err := os.Open(differing)
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	allow, err := replay.ReadAllow(list)
	if err != nil {
		t.Fatal(err)
	}
	actions := t.TempDir()
	w := open(t, -1, func(c *config.Config) {
		c.Scheduler.Enabled, c.Dummy.Actions = false, actions
		if err := os.WriteFile(os.Getenv("ONE_AUTH"), []byte(replay.DefaultSession+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	})
	report, err := replay.Run(context.Background(), replay.Options{
		Scenario: replay.Open(file), Endpoint: w.endpoint, WaitTimeout: 5 * time.Second, Allow: allow,
		Set: map[string]string{"DUMMY_ACTIONS": actions},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Differing() {
		t.Logf("%d %s: %s: %s", r.N, r.Name, r.Class, r.Detail)
	}
	equal := report.Count(replay.Equal)
	t.Logf("%d answers as recorded, %d known to differ", equal, len(allow))
	if equal < equalAtLeast {
		t.Errorf("%d answers are as recorded, and %d were: see `renkei replay`", equal, equalAtLeast)
	}
}
