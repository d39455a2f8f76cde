// Package bench measures a running server as its users see it.
package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/renkei-vpe/renkei/pkg/client"
	"github.com/renkei-vpe/renkei/pkg/pause"
)

// Boot says what to boot.
type Boot struct {
	Template int
	N        int
	Keep     bool          // leaves the VMs running
	Every    time.Duration // between two looks at a VM: the resolution of the figures
	Patience time.Duration // for one VM
	Log      string        // the server's log, which tells how long disks took; "" for unknown
	Hand     *Hand         // starts each domain once more by hand; nil for not
}

// BootTimes are the times of the RENKEI paper for one VM, as a client sees
// them.
type BootTimes struct {
	VM       int
	Asked    time.Duration // until the request was answered
	Copied   time.Duration // of what is prepared, the disks; from the server's log
	Prepared time.Duration // until all was on the host (LCM state past PROLOG)
	Running  time.Duration // from there until RUNNING
	Up       time.Duration // from there until the guest said that it is up
	Whole    time.Duration
	Hand     HandTimes // of the same domain
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
	if err := b.watch(ctx, c, &t, begin); err != nil {
		return t, fmt.Errorf("VM %d: %w", t.VM, err)
	}
	return t, nil
}

// watch times a VM until it is up, ends it, and does the same by hand.
func (b Boot) watch(ctx context.Context, c *client.Client, t *BootTimes, begin time.Time) error {
	name, err := b.follow(ctx, c, t, begin)
	if err != nil {
		return err
	}
	var again *domain
	if b.Hand != nil {
		if again, err = b.Hand.up(ctx, name, t, begin); err != nil {
			return err
		}
		defer again.remove()
	}
	if b.Log != "" {
		if t.Copied, err = copied(b.Log, t.VM); err != nil {
			return err
		}
	}
	if !b.Keep {
		if err := b.end(ctx, c, t.VM); err != nil {
			return err
		}
	}
	if again == nil {
		return nil
	}
	t.Hand, err = again.start(ctx)
	return err
}

// follow looks at the VM until it runs, and answers what its domain is called.
func (b Boot) follow(ctx context.Context, c *client.Client, t *BootTimes, begin time.Time) (domain string, err error) {
	for {
		s, err := look(ctx, c, t.VM)
		if err != nil {
			return "", err
		}
		now := time.Since(begin)
		if t.Prepared == 0 && s.pastProlog() {
			t.Prepared = now
		}
		switch {
		case s.failed():
			return "", errors.New("it failed: " + s.reason)
		case s.running():
			t.Whole, t.Running = now, now-t.Prepared
			return s.domain, nil
		}
		if err := pause.For(ctx, b.Every); err != nil {
			return "", fmt.Errorf("it does not run after %v: %w", now.Round(time.Millisecond), err)
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
		if err := pause.For(ctx, b.Every); err != nil {
			return err
		}
	}
}
