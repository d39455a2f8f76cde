package crashtest

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/pkg/server"
)

// world is what a server manages: hosts, networks and storage.
type world interface {
	// settings are the server's settings, in the form of --set.
	settings() []string
	// provide registers hosts, a datastore, an image, a network and a template, each (but the
	// datastore) as the first of its kind.
	provide(t *testing.T, h *testServer)
	// domains answers on which host each running domain is, by VM.
	domains(h *testServer) (map[int]string, error)
	// left lists what terminated VMs have left behind.
	left(h *testServer) ([]string, error)
	load() load
}

// load is how many calls and VMs there are at a time.
type load struct {
	clients  int
	pace     time.Duration // average pause between two calls of a client
	crowd    int           // most VMs at a time, so that hosts and time suffice
	actions  []string
	burst    time.Duration // most time before the server is killed
	patience time.Duration // how long to wait for the server
}

// simulated is the world of the dummy drivers.
type simulated struct{}

func (simulated) settings() []string { return []string{"dummy.delay=20ms"} }

func (simulated) load() load {
	return load{
		clients: 6, crowd: 40, burst: 500 * time.Millisecond, patience: 20 * time.Second,
		actions: []string{"terminate", "terminate-hard", "poweroff", "poweroff-hard", "suspend", "stop", "undeploy", "resume", "resume", "reboot-hard"},
	}
}

func (simulated) provide(t *testing.T, h *testServer) {
	t.Helper()
	if err := server.Simulate(t.Context(), h.endpoint(), h.authFile(), 5); err != nil {
		t.Fatal(err)
	}
}

// domains reads the folder in which the dummy drivers keep their domains.
func (simulated) domains(h *testServer) (map[int]string, error) {
	files, err := filepath.Glob(filepath.Join(h.data(), "dummy/hosts/*/one-*.json"))
	if err != nil {
		return nil, err
	}
	running := map[int]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var d struct {
			VMID  int `json:"vmid"`
			State any `json:"state"`
		}
		if err := json.Unmarshal(text, &d); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		host := filepath.Base(filepath.Dir(file))
		if other, twice := running[d.VMID]; twice {
			return nil, fmt.Errorf("VM %d has domains on %s and on %s", d.VMID, other, host)
		}
		running[d.VMID] = host
	}
	return running, nil
}

// left lists all domains and all disks; saved memory is stored with the disks.
func (simulated) left(h *testServer) (left []string, err error) {
	for _, part := range []string{"hosts", "disks"} {
		files, err := filesBelow(filepath.Join(h.data(), "dummy", part))
		if err != nil {
			return nil, err
		}
		left = append(left, files...)
	}
	return left, nil
}

func filesBelow(dir string) (files []string, err error) {
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			files = append(files, path)
		}
		return err
	})
	return files, err
}
