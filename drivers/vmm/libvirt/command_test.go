package libvirt

import (
	"encoding/json"
	"testing"
)

func TestAgentRequests(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]agentCall{
		`{"execute":"guest-exec","arguments":{"arg":["-l"],"capture-output":true,"path":"ls"}}`:                  execCall([]string{"ls", "-l"}, ""),
		`{"execute":"guest-exec","arguments":{"arg":[],"capture-output":true,"input-data":"aGk=","path":"cat"}}`: execCall([]string{"cat"}, "aGk="),
		`{"execute":"guest-exec","arguments":{"arg":["-9","7"],"capture-output":true,"path":"kill"}}`:            execCall([]string{"kill", "-9", "7"}, ""),
	} {
		got, err := json.Marshal(c)
		if err != nil || string(got) != want {
			t.Errorf("got %s, %v; want %s", got, err, want)
		}
	}
	var s agentStatus
	if err := json.Unmarshal([]byte(`{"return":{"exitcode":3,"out-data":"b3V0","exited":true}}`), &s); err != nil ||
		!s.Return.Exited || s.Return.ExitCode != 3 || s.Return.Out != "b3V0" {
		t.Errorf("the status is %+v, %v", s, err)
	}
}
