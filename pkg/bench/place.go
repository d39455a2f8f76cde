package bench

import (
	"context"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/renkei-vpe/renkei/pkg/pause"
)

// Place measures how long pending VMs take until they run, on simulated hosts.
type Place struct {
	Target   Target
	Hosts    int
	Single   int           // number of VMs that are timed one by one
	Together []int         // numbers of VMs that are pending at the same time, one for each measurement
	Every    time.Duration // polling interval
	Patience time.Duration // timeout for each measurement
	Placed   bool          // measures until all have a host, instead of until all run
	Closed   bool          // VMs wait for hosts to be enabled, instead of for their release
	Out      io.Writer
}

// tinyVM is small, so that many fit on a host.
const tinyVM = "CPU = \"0.01\"\nMEMORY = \"1\"\nNIC = [ NETWORK = \"bench\" ]\nDISK = [ IMAGE = \"bench\" ]"

// Run creates hosts and a datastore and prints a line for each measurement.
func (p Place) Run(ctx context.Context) error {
	c, err := p.Target.caller()
	if err != nil {
		return err
	}
	defer c.close()
	if err := furnish(c, p.Hosts, tinyVM); err != nil {
		return err
	}
	if err := p.hostsAreSeen(ctx, c); err != nil {
		return err
	}
	if err := p.singly(ctx, c); err != nil {
		return err
	}
	for _, n := range p.Together {
		if err := p.together(ctx, c, n); err != nil {
			return fmt.Errorf("%d VMs: %w", n, err)
		}
	}
	return nil
}

// hostsAreSeen waits until all hosts have been monitored: before that, no VM is placed on them.
func (p Place) hostsAreSeen(ctx context.Context, c *caller) error {
	for {
		seen, err := c.count("one.hostpool.info", "&lt;STATE&gt;2&lt;")
		if err != nil || seen >= p.Hosts {
			return err
		}
		if err := pause.For(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}

// singly times VMs one by one, from the request to RUNNING.
func (p Place) singly(ctx context.Context, c *caller) error {
	if p.Single == 0 {
		return nil
	}
	var all []time.Duration
	for range p.Single {
		begin := time.Now()
		id, err := c.id("one.vm.allocate", tinyVM, false)
		if err != nil {
			return err
		}
		if err := p.until(ctx, func() (bool, error) {
			n, err := c.count("one.vm.info", runs, id, false)
			return n == 1, err
		}); err != nil {
			return fmt.Errorf("VM %d: %w", id, err)
		}
		all = append(all, time.Since(begin))
	}
	t := newTimes(all, func(d time.Duration) time.Duration { return d })
	fmt.Fprintf(p.Out, "one pending VM to RUNNING, %d times: min %s, median %s, p99 %s\n", p.Single, rough(t.at(0)), rough(t.at(50)), rough(t.at(99)))
	return nil
}

// Marks of VMs in a pool that run, or have no host yet.
const (
	runs    = "&lt;LCM_STATE&gt;3&lt;"
	waiting = "&lt;LCM_STATE&gt;0&lt;"
)

// together has n VMs wait, releases all of them, and waits for the last.
func (p Place) together(ctx context.Context, c *caller, n int) error {
	if err := p.hostsTake(c, !p.Closed); err != nil {
		return err
	}
	if err := p.Target.allocate(ctx, n, tinyVM, !p.Closed); err != nil {
		return err
	}
	waiters, err := c.ids("VM", "one.vmpool.info", -2, -1, -1, map[bool]int{true: statePending, false: stateHold}[p.Closed])
	if err != nil {
		return err
	}
	begin, used := time.Now(), p.Target.processor()
	if p.Closed {
		err = p.hostsTake(c, true)
	} else {
		err = p.release(ctx, waiters)
	}
	if err != nil {
		return err
	}
	freed := time.Since(begin)
	if err := p.until(ctx, func() (bool, error) { return p.done(c, waiters[0], n) }); err != nil {
		return err
	}
	fmt.Fprintf(p.Out, "%d pending VMs on %d hosts: all let go after %s, all %s after %s, %s of processor time\n", n, p.Hosts, rough(freed),
		map[bool]string{false: "RUNNING", true: "placed"}[p.Placed], rough(time.Since(begin)), rough(p.Target.processor()-used))
	return nil
}

// States of waiting VMs.
const (
	statePending = 1
	stateHold    = 2
	stateActive  = 3
)

// done tells whether the n VMs from first on are placed or running.
func (p Place) done(c *caller, first, n int) (bool, error) {
	if p.Placed {
		left, err := c.count("one.vmpool.info", waiting, -2, first, -1, statePending)
		return left == 0, err
	}
	running, err := c.count("one.vmpool.info", runs, -2, first, -1, stateActive)
	return running == n, err
}

// hostsTake enables or disables all hosts.
func (p Place) hostsTake(c *caller, enabled bool) error {
	hosts, err := c.ids("HOST", "one.hostpool.info")
	if err != nil || !p.Closed {
		return err
	}
	for _, id := range hosts {
		if _, err := c.call("one.host.status", id, map[bool]int{true: 0, false: 1}[enabled]); err != nil {
			return err
		}
	}
	return nil
}

// release releases VMs, with eight clients.
func (p Place) release(ctx context.Context, held []int) error {
	const clients = 8
	g, ctx := errgroup.WithContext(ctx)
	for n := range clients {
		g.Go(func() error {
			c, err := p.Target.caller()
			if err != nil {
				return err
			}
			defer c.close()
			for i := n; i < len(held) && ctx.Err() == nil; i += clients {
				if _, err := c.call("one.vm.action", "release", held[i]); err != nil {
					return err
				}
			}
			return ctx.Err()
		})
	}
	return g.Wait()
}

func (p Place) until(ctx context.Context, done func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, p.Patience)
	defer cancel()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		if err := pause.For(ctx, p.Every); err != nil {
			return fmt.Errorf("not all run after %v: %w", p.Patience, err)
		}
	}
}
