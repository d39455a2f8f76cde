package bench

import (
	"context"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"
)

// Place measures how long VMs that wait take to run, on simulated hosts.
type Place struct {
	Target   Target
	Hosts    int
	Single   int           // VMs that are timed one by one
	Together []int         // how many wait together, for each measurement
	Every    time.Duration // between two looks
	Patience time.Duration // for each measurement
	Placed   bool          // waits until all have a host, instead of until all run
	Out      io.Writer
}

// tinyVM takes little, so that many find room.
const tinyVM = "CPU = \"0.01\"\nMEMORY = \"1\"\nNIC = [ NETWORK = \"bench\" ]\nDISK = [ IMAGE = \"bench\" ]"

// Run furnishes the server and writes a line for each measurement.
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

// hostsAreSeen waits until all hosts were looked at: until then they take no VM.
func (p Place) hostsAreSeen(ctx context.Context, c *caller) error {
	for {
		seen, err := c.count("one.hostpool.info", "&lt;STATE&gt;2&lt;")
		if err != nil || seen >= p.Hosts {
			return err
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
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

// What a VM shows that runs, and one that has no host yet.
const (
	runs    = "&lt;LCM_STATE&gt;3&lt;"
	waiting = "&lt;LCM_STATE&gt;0&lt;"
)

// together makes n VMs on hold, lets all of them go, and waits for the last.
func (p Place) together(ctx context.Context, c *caller, n int) error {
	if err := p.Target.allocate(ctx, n, tinyVM, true); err != nil {
		return err
	}
	held, err := c.ids("VM", "one.vmpool.info", -2, -1, -1, 2)
	if err != nil {
		return err
	}
	begin := time.Now()
	if err := p.release(ctx, held); err != nil {
		return err
	}
	released := time.Since(begin)
	first := held[0]
	err = p.until(ctx, func() (bool, error) {
		if p.Placed {
			left, err := c.count("one.vmpool.info", waiting, -2, first, -1, 1)
			return left == 0, err
		}
		running, err := c.count("one.vmpool.info", runs, -2, first, -1, 3)
		return running == n, err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(p.Out, "%d pending VMs on %d hosts: all released after %s, all %s after %s\n", n, p.Hosts, rough(released),
		map[bool]string{false: "RUNNING", true: "placed"}[p.Placed], rough(time.Since(begin)))
	return nil
}

// release lets VMs go, by eight clients.
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
		if err := pause(ctx, p.Every); err != nil {
			return fmt.Errorf("not all run after %v: %w", p.Patience, err)
		}
	}
}
