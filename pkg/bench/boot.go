// Package bench measures a running server as its users see it.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/renkei-vpe/renkei/pkg/client"
)

// Boot says what to boot.
type Boot struct {
	Template int
	N        int
	Keep     bool          // leaves the VMs running
	Every    time.Duration // between two looks at a VM: the resolution of the figures
	Patience time.Duration // for one VM
}

// BootTimes are the times of the RENKEI paper for one VM, as a client sees
// them. The image copy is a part of Prepared: what the engine's log calls
// "prolog".
type BootTimes struct {
	VM       int
	Asked    time.Duration // until the request was answered
	Prepared time.Duration // until the disks were on the host (LCM state past PROLOG)
	Booted   time.Duration // from there until RUNNING
	Whole    time.Duration
}

// Run boots N VMs one after the other and answers their times.
func (b Boot) Run(ctx context.Context, c *client.Client) ([]BootTimes, error) {
	var all []BootTimes
	for range b.N {
		t, err := b.one(ctx, c)
		if err != nil {
			return all, err
		}
		all = append(all, t)
	}
	return all, nil
}

func (b Boot) one(ctx context.Context, c *client.Client) (BootTimes, error) {
	ctx, cancel := context.WithTimeout(ctx, b.Patience)
	defer cancel()
	begin := time.Now()
	answer, err := c.Call(ctx, "one.template.instantiate", b.Template, "", false, "", false)
	if err != nil {
		return BootTimes{}, err
	}
	t := BootTimes{VM: answer.ID, Asked: time.Since(begin)}
	if err := b.follow(ctx, c, &t, begin); err != nil {
		return t, fmt.Errorf("VM %d: %w", t.VM, err)
	}
	if b.Keep {
		return t, nil
	}
	return t, b.end(ctx, c, t.VM)
}

// follow looks at the VM until it runs.
func (b Boot) follow(ctx context.Context, c *client.Client, t *BootTimes, begin time.Time) error {
	for {
		s, err := look(ctx, c, t.VM)
		if err != nil {
			return err
		}
		now := time.Since(begin)
		if t.Prepared == 0 && s.pastProlog() {
			t.Prepared = now
		}
		switch {
		case s.failed():
			return errors.New("it failed: " + s.reason)
		case s.running():
			t.Whole, t.Booted = now, now-t.Prepared
			return nil
		}
		if err := pause(ctx, b.Every); err != nil {
			return fmt.Errorf("it does not run after %v: %w", now.Round(time.Millisecond), err)
		}
	}
}

// end terminates the VM and waits until nothing of it is left.
func (b Boot) end(ctx context.Context, c *client.Client, id int) error {
	if _, err := c.Call(ctx, "one.vm.action", "terminate-hard", id); err != nil {
		return err
	}
	for {
		s, err := look(ctx, c, id)
		if err != nil || s.state == stateDone {
			return err
		}
		if err := pause(ctx, b.Every); err != nil {
			return err
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Tell writes minimum, median and 99th percentile of each time.
func Tell(out io.Writer, all []BootTimes) {
	fmt.Fprintf(out, "%-22s %10s %10s %10s\n", fmt.Sprintf("%d VMs", len(all)), "min", "median", "p99")
	for _, row := range []struct {
		name string
		of   func(BootTimes) time.Duration
	}{
		{"request answered", func(t BootTimes) time.Duration { return t.Asked }},
		{"request to prepared", func(t BootTimes) time.Duration { return t.Prepared }},
		{"prepared to running", func(t BootTimes) time.Duration { return t.Booted }},
		{"whole", func(t BootTimes) time.Duration { return t.Whole }},
	} {
		var list []time.Duration
		for _, t := range all {
			list = append(list, row.of(t))
		}
		slices.Sort(list)
		fmt.Fprintf(out, "%-22s %10s %10s %10s\n", row.name, at(list, 0), at(list, 50), at(list, 99))
	}
}

// at is a percentile of a sorted list.
func at(list []time.Duration, percent int) string {
	if len(list) == 0 {
		return "-"
	}
	return list[min(len(list)-1, len(list)*percent/100)].Round(100 * time.Microsecond).String()
}
