package replay

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// dummyActions is the placeholder for the dummy hypervisor's folder, in which a file named
// after an action, with the content "failure", makes the action fail.
const dummyActions = "DUMMY_ACTIONS"

// failing are the actions that failed in each of these steps of OpenNebula 7.4's recording,
// which does not contain that information.
var failing = map[string]string{
	"fail-deploy":     "deploy",
	"fail-deploy-2":   "deploy",
	"fail-poweroff":   "shutdown",
	"fail-suspend":    "save",
	"fail-resume":     "restore",
	"fail-attachnic":  "attach_nic",
	"fail-attachdisk": "attach_disk",
	"fail-snapshot":   "snapshot_create",
}

// fails names the action that fails in this step, or "". Another result than failure may follow
// the name: "deploy -".
func (s Step) fails() string {
	if s.Fail != "" {
		return s.Fail
	}
	return failing[s.Name]
}

// failer keeps one action failing from its step until the next call, including waits between
// them.
type failer struct {
	dir    string // "" if it is not known
	active string // the file that exists now
}

// before prepares the folder for a call.
func (f *failer) before(s Step) error {
	if err := f.clear(); err != nil {
		return err
	}
	action, told, other := strings.Cut(s.fails(), " ")
	if action == "" || f.dir == "" {
		return nil
	}
	if !other {
		told = "failure"
	}
	f.active = filepath.Join(f.dir, action)
	if err := os.MkdirAll(f.dir, 0o750); err != nil {
		return fmt.Errorf("making the folder of failing actions: %w", err)
	}
	if err := os.WriteFile(f.active, []byte(told+"\n"), 0o600); err != nil {
		return fmt.Errorf("making action %s fail: %w", action, err)
	}
	return nil
}

// clear makes all actions succeed again.
func (f *failer) clear() error {
	if f.active == "" {
		return nil
	}
	if err := os.Remove(f.active); err != nil {
		return fmt.Errorf("letting an action succeed again: %w", err)
	}
	f.active = ""
	return nil
}

// missing explains that a step could not fail as recorded, or answers "".
func (f *failer) missing(s Step) string {
	if s.fails() != "" && f.dir == "" {
		return fmt.Sprintf("step %d %s needs a failing driver: give --set %s=DIR", s.N, s.Name, dummyActions)
	}
	return ""
}
