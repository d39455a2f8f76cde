package qemuimg

import (
	"bufio"
	"strings"
	"testing"
)

// TestCopyTalksToTheDaemon plays qemu-storage-daemon: events may come before the answer to the
// command that caused them.
func TestCopyTalksToTheDaemon(t *testing.T) {
	t.Parallel()
	const ok = `{"return": {}}` + "\n"
	for name, c := range map[string]struct{ says, refuse string }{
		"well":                   {ok + ok + `{"event": "BLOCK_JOB_COMPLETED", "data": {}}` + "\n" + ok, ""},
		"before the answer":      {ok + `{"event": "BLOCK_JOB_COMPLETED", "data": {}}` + "\n" + ok + ok, ""},
		"other events":           {`{"QMP": {}}` + "\n" + ok + ok + `{"event": "JOB_STATUS_CHANGE"}` + "\n" + `{"event": "BLOCK_JOB_COMPLETED"}` + "\n" + ok, ""},
		"the disk is full":       {ok + ok + `{"event": "BLOCK_JOB_COMPLETED", "data": {"error": "No space left on device"}}` + "\n", "No space left"},
		"called off":             {ok + ok + `{"event": "BLOCK_JOB_CANCELLED"}` + "\n", "called off"},
		"no such bitmap":         {ok + `{"error": {"desc": "Bitmap 'b' could not be found"}}` + "\n", "could not be found"},
		"the daemon is gone":     {ok + ok, "EOF"},
		"it says what is no QMP": {"qemu-storage-daemon: help\n", "said"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			err := (&dialogue{in: bufio.NewScanner(strings.NewReader(c.says)), out: &out}).copy("b")
			if (err == nil) != (c.refuse == "") || err != nil && !strings.Contains(err.Error(), c.refuse) {
				t.Errorf("%v, want %q", err, c.refuse)
			}
			if c.refuse == "" && !strings.Contains(out.String(), `"bitmap":"b"`) || c.refuse == "" && !strings.HasSuffix(out.String(), `{"execute":"quit"}`+"\n") {
				t.Errorf("it was told %s", out.String())
			}
		})
	}
}
