package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/pkg/bench"
	"github.com/renkei-vpe/renkei/pkg/config"
)

// TestLoadGenerator runs every workload of the load generator against a real server.
func TestLoadGenerator(t *testing.T) {
	w := open(t, -1, func(c *config.Config) { c.Scheduler.Enabled = false })
	var out strings.Builder
	err := bench.Calls{
		Target: bench.Target{Endpoint: w.endpoint, Session: "oneadmin:secret"}, Out: &out,
		Size: bench.Size{Hosts: 2, VMs: 40}, Each: 10 * time.Millisecond, Mix: 500,
	}.Run(t.Context())
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, row := range []string{"40 VMs, 2 hosts", "vm.info", "vmpool.infoextended", "page of 100", "image.allocate", "template.instantiate", "official mix"} {
		if !strings.Contains(out.String(), row) {
			t.Errorf("the table lacks %s:\n%s", row, out.String())
		}
	}
}

// TestPlacementIsMeasured releases VMs and waits until they run: VMs on hold, and VMs that wait
// for a host to be enabled.
func TestPlacementIsMeasured(t *testing.T) {
	for _, closed := range []bool{false, true} {
		testPlacementIsMeasured(t, closed)
	}
}

func testPlacementIsMeasured(t *testing.T, closed bool) {
	t.Helper()
	w := open(t, -1, nil)
	var out strings.Builder
	err := bench.Place{
		Closed: closed,
		Target: bench.Target{Endpoint: w.endpoint, Session: "oneadmin:secret"}, Out: &out,
		Hosts: 2, Single: 2, Together: []int{5, 3}, Every: time.Millisecond, Patience: time.Minute,
	}.Run(t.Context())
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, line := range []string{"2 times", "5 pending VMs on 2 hosts", "3 pending VMs", "RUNNING after"} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("the report lacks %s:\n%s", line, out.String())
		}
	}
}
