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

// equalAtLeast is how many of the 549 recorded answers are given as they were,
// less a few that depend on how busy the machine is. It only goes up: whoever
// makes more of them equal raises it.
const equalAtLeast = 525

// TestRecordedAnswers plays what was asked of a real oned against an empty
// server with simulated hosts and no scheduler, as it was recorded.
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
	actions := t.TempDir()
	w := open(t, -1, func(c *config.Config) {
		c.Scheduler.Enabled, c.Dummy.Actions = false, actions
		if err := os.WriteFile(os.Getenv("ONE_AUTH"), []byte(replay.DefaultSession+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	})
	report, err := replay.Run(context.Background(), replay.Options{
		Scenario: replay.Open(file), Endpoint: w.endpoint, WaitTimeout: 5 * time.Second,
		Set: map[string]string{"DUMMY_ACTIONS": actions},
	})
	if err != nil {
		t.Fatal(err)
	}
	classes := map[replay.Class]int{}
	for _, r := range report.Results {
		classes[r.Class]++
	}
	t.Logf("%d steps: %v", len(report.Results), classes)
	if got := classes[replay.Equal]; got < equalAtLeast {
		t.Errorf("%d answers are as recorded, and %d were: see `renkei replay`", got, equalAtLeast)
	}
}
