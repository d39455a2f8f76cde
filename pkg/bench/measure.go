package bench

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/renkei-vpe/renkei/pkg/pause"
)

// sample is one call.
type sample struct {
	method string
	took   time.Duration
	bytes  int64 // of the answer
}

// result has the samples of many clients.
type result struct {
	calls []sample
	spent time.Duration
}

// of answers the calls of one method.
func (r result) of(method string) (part []sample) {
	for _, c := range r.calls {
		if c.method == method {
			part = append(part, c)
		}
	}
	return part
}

// next answers the next call of a client.
type next func(*stock, *asker) (method string, args []any)

// measure has clients make calls for a while, each as fast as it can, or all together at a
// rate. With a rate, a call that begins late is measured from when it was due: otherwise a slow
// server would be asked less often (coordinated omission).
func (b Calls) measure(ctx context.Context, s *stock, next next, clients, rate int) (result, error) {
	var mu sync.Mutex
	var all result
	g, ctx := errgroup.WithContext(ctx)
	begin := time.Now()
	for n := range clients {
		who := &asker{number: n, of: clients, chance: rand.New(rand.NewPCG(uint64(n), 1)), begin: begin, rate: rate}
		g.Go(func() error {
			calls, err := b.ask(ctx, s, next, who)
			mu.Lock()
			defer mu.Unlock()
			all.calls = append(all.calls, calls...)
			return err
		})
	}
	err := g.Wait()
	all.spent = time.Since(begin)
	return all, err
}

// ask makes the calls of one client: at least two, and an even number, so that calls which undo
// each other leave everything as it was.
func (b Calls) ask(ctx context.Context, s *stock, next next, who *asker) (calls []sample, err error) {
	c, err := b.Target.caller()
	if err != nil {
		return nil, err
	}
	defer c.close()
	for ; who.turn < 2 || time.Since(who.begin) < b.Each || who.turn%2 == 1; who.turn++ {
		due, err := who.wait(ctx)
		if err != nil {
			return calls, err
		}
		method, args := next(s, who)
		size, err := c.call(method, args...)
		if err != nil {
			return calls, err
		}
		calls = append(calls, sample{method, time.Since(due), size})
	}
	return calls, nil
}

// wait waits until the next call is due, and answers when that is.
func (a *asker) wait(ctx context.Context) (time.Time, error) {
	if a.rate == 0 {
		return time.Now(), ctx.Err()
	}
	due := a.begin.Add(time.Duration(a.turn*a.of+a.number) * time.Second / time.Duration(a.rate))
	return due, pause.For(ctx, time.Until(due))
}
