package crashtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/renkei-vpe/renkei/pkg/client"
)

// ledger is what the server has confirmed to clients.
type ledger struct {
	mu    sync.Mutex
	known []int        // VMs whose creation was confirmed
	ended map[int]bool // VMs whose termination was accepted
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

// pick answers a random VM that was not terminated, -1 when there is none.
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

// alive counts the VMs that were not terminated.
func (l *ledger) alive() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.known) - len(l.ended)
}

// burst has clients create and change VMs until the server is gone or ctx ends. Each client has
// its own random source, derived from seed.
func (h *testServer) burst(ctx context.Context, l *ledger, seed uint64) {
	var clients sync.WaitGroup
	for n := range uint64(h.load().clients) {
		clients.Go(func() {
			r := rand.New(rand.NewPCG(seed, n))
			for ctx.Err() == nil {
				h.step(ctx, l, r)
				wait(time.Duration(r.Int64N(2*int64(h.load().pace) + 1)))
			}
		})
	}
	clients.Wait()
}

// step makes one call. Calls that fail or get no answer are not recorded.
func (h *testServer) step(ctx context.Context, l *ledger, r *rand.Rand) {
	c := [2]*client.Client{h.Client, h.tester}[r.IntN(2)]
	if r.IntN(3) == 0 && l.alive() < h.load().crowd {
		a, err := c.Call(ctx, "one.template.instantiate", 0, fmt.Sprintf("burst-%d", r.IntN(1000)), r.IntN(10) == 0, "", false)
		if err == nil {
			l.made(a.ID)
		}
		return
	}
	id, action := l.pick(r), h.load().actions[r.IntN(len(h.load().actions))]
	if id < 0 {
		return
	}
	_, err := h.Call(ctx, "one.vm.action", action, id)
	if err == nil && (action == "terminate" || action == "terminate-hard") {
		l.end(id)
	}
}
