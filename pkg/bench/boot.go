// Package bench measures a running server from the point of view of its users.
package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/renkei-vpe/renkei/pkg/client"
	"github.com/renkei-vpe/renkei/pkg/pause"
)

// Boot measures how long VMs take to boot.
type Boot struct {
	Template int
	N        int
	Keep     bool          // does not terminate the VMs
	Every    time.Duration // polling interval: the resolution of the times
	Patience time.Duration // timeout for each VM
	Log      string        // the server's log, which has the durations of disk copies; "" if unknown
	Hand     *Hand         // boots each domain again with virsh; nil for not
}

// BootTimes are the times in the RENKEI paper for one VM, as a client sees them.
type BootTimes struct {
	VM       int
	Asked    time.Duration // until the allocate call was answered
	Copied   time.Duration // part of Prepared: copying disks, from the server's log
	Prepared time.Duration // until everything was on the host (LCM state after PROLOG)
	Running  time.Duration // from then until RUNNING
	Up       time.Duration // from then until the guest wrote that it is up
	Whole    time.Duration
	Hand     HandTimes // the same domain with virsh
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

// watch times a VM until it is up, terminates it, and does the same with virsh.
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

// follow polls the VM until it runs, and answers the name of its domain.
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

// end terminates the VM and waits until its domain and files are gone.
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
