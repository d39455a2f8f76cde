package crashtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/renkei-vpe/renkei/pkg/client"
)

// ledger is what clients were told: answers that the server must keep to.
type ledger struct {
	mu    sync.Mutex
	known []int        // VMs that were said to exist
	ended map[int]bool // those whose termination was accepted
}

func (l *ledger) made(id int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.known = append(l.known, id)
}

func (l *ledger) end(id int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended[id] = true
}

// pick answers one of the VMs that were not ended, -1 when there is none.
func (l *ledger) pick(r *rand.Rand) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	for range 8 {
		if len(l.known) == 0 {
			break
		}
		if id := l.known[r.IntN(len(l.known))]; !l.ended[id] {
			return id
		}
	}
	return -1
}

// crowd bounds how many VMs are alive, so that hosts and time suffice.
const crowd = 40

func (l *ledger) crowded() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.known)-len(l.ended) >= crowd
}

// actions is what clients ask of VMs, over and over.
var actions = []string{
	"terminate", "terminate-hard", "poweroff", "poweroff-hard", "suspend", "stop", "undeploy", "resume", "resume", "reboot-hard",
}

// burst has clients make and change VMs until the server is gone or ctx ends.
// Each client has a source of chance of its own, drawn from seed.
func (h *house) burst(ctx context.Context, l *ledger, seed uint64) {
	var clients sync.WaitGroup
	for n := range uint64(6) {
		clients.Go(func() {
			r := rand.New(rand.NewPCG(seed, n))
			for ctx.Err() == nil {
				h.step(ctx, l, r)
			}
		})
	}
	clients.Wait()
}

// step makes one call. One that was not answered tells nothing; one that was
// refused neither.
func (h *house) step(ctx context.Context, l *ledger, r *rand.Rand) {
	c := [2]*client.Client{h.Client, h.tester}[r.IntN(2)]
	if r.IntN(3) == 0 && !l.crowded() {
		a, err := c.Call(ctx, "one.template.instantiate", 0, fmt.Sprintf("burst-%d", r.IntN(1000)), r.IntN(10) == 0, "", false)
		if err == nil {
			l.made(a.ID)
		}
		return
	}
	id, action := l.pick(r), actions[r.IntN(len(actions))]
	if id < 0 {
		return
	}
	_, err := h.Call(ctx, "one.vm.action", action, id)
	if err == nil && (action == "terminate" || action == "terminate-hard") {
		l.end(id)
	}
}
