// Package crashtest kills a server in the middle of its work, over and over, and checks that
// nothing is lost and nothing is left over: the store's transactions and the idempotent effects
// have to guarantee that.
package crashtest

import (
	"context"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/pkg/one"
)

var (
	seed  = flag.Uint64("seed", 0, "of chance; 0 takes the time")
	kills = flag.Int("kills", 50, "how often the server is killed; at most 5 with -short")
)

func TestKilledServersLoseNothing(t *testing.T) {
	if testing.Short() {
		*kills = min(*kills, 5)
	}
	newTestServer(t, &simulated{}).killOverAndOver(t, *kills)
}

// killOverAndOver kills the server that often during bursts of calls, then terminates all VMs
// and checks that nothing is left of them.
func (h *testServer) killOverAndOver(t *testing.T, kills int) {
	t.Helper()
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	t.Logf("again with -seed %d", *seed)
	l, r := &ledger{ended: map[int]bool{}}, rand.New(rand.NewPCG(*seed, 0))
	h.furnish(t)
	for left := kills; left > 0 && !t.Failed(); {
		left -= h.round(t, l, r, left)
	}
	if t.Failed() {
		return
	}
	t.Logf("%d VMs created, %d of them terminated by clients", len(l.known), len(l.ended))
	h.terminateAll(t, l)
}

// furnish starts the server and registers hosts, users, and what VMs are made from.
func (h *testServer) furnish(t *testing.T) {
	t.Helper()
	h.start(t)
	h.provide(t, h)
	tester := must(t, h.Client, "one.user.allocate", "tester", "secret", "core").ID
	must(t, h.Client, "one.user.quota", tester, `VM=[VMS=1000, CPU=500, MEMORY=900000]
NETWORK=[ID=0, LEASES=1000]
IMAGE=[ID=0, RVMS=1000]`)
	for _, noun := range []string{"template", "image", "vn"} {
		must(t, h.Client, "one."+noun+".chmod", 0, -1, -1, -1, -1, -1, -1, 1, -1, -1)
	}
	await(t, h.load().patience, "host that was seen", func() error {
		return wantAll(h, "one.hostpool.info", "HOST/STATE", fmt.Sprint(int(one.HostMonitored)))
	})
}

// round kills the server during a burst, and half of the time once more while it recovers; then
// it waits until the server is idle, and checks its state. It answers the number of kills.
func (h *testServer) round(t *testing.T, l *ledger, r *rand.Rand, most int) int {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	chance := r.Uint64()
	go func() { defer close(done); h.burst(ctx, l, chance) }()
	wait(20*time.Millisecond + time.Duration(r.Int64N(int64(h.load().burst))))
	h.kill(t)
	cancel()
	<-done
	h.audit(t)
	h.start(t)
	killed := 1
	for most > killed && r.IntN(2) == 0 {
		wait(time.Duration(r.Int64N(int64(h.load().burst) / 3)))
		h.kill(t)
		h.start(t)
		killed++
	}
	h.checkConfirmed(t, l, h.settled(t))
	h.runs(t)
	return killed
}

// terminateAll terminates all VMs and checks that nothing is left of them.
func (h *testServer) terminateAll(t *testing.T, l *ledger) {
	t.Helper()
	for _, v := range h.settled(t) {
		if v.State != one.VMDone {
			must(t, h.Client, "one.vm.action", "terminate-hard", v.ID)
			l.end(v.ID)
		}
	}
	h.checkConfirmed(t, l, h.settled(t))
	h.free(t)
	h.stop(t)
	h.audit(t)
	left, err := h.left(h)
	if err != nil {
		t.Error(err)
	}
	for _, what := range left {
		t.Errorf("left over: %s", what)
	}
}

// wait lets the server work for a while before it is killed.
func wait(d time.Duration) { <-time.After(d) }

// wantAll checks that an answer has the value want at every place with that path.
func wantAll(h *testServer, method, path, want string, args ...any) error {
	a, err := h.Call(context.Background(), method, args...)
	if err != nil {
		return err
	}
	values, err := at(a.Text, path)
	if err != nil {
		return err
	}
	for _, v := range values {
		if v != want {
			return fmt.Errorf("%s is %s", path, v)
		}
	}
	return nil
}

func find(t *testing.T, doc, path string) []string {
	t.Helper()
	values, err := at(doc, path)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// at lists the texts of all elements whose path ends with path.
func at(doc, path string) (values []string, err error) {
	d := xml.NewDecoder(strings.NewReader(doc))
	var open []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return values, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			open = append(open, token.Name.Local)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if strings.HasSuffix(strings.Join(open, "/"), path) {
				values = append(values, string(token))
			}
		}
	}
}
