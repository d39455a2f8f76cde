package dummy

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/pause"
)

// hypervisor is a simulated host.
type hypervisor struct {
	driver *Driver
	host   string
	place  string // its folder among the simulated disks
}

var (
	errClosed = errors.New("the dummy driver was closed")
	errChance = errors.New("the dummy driver failed by chance")
	errDown   = errors.New("the simulated host is down")
)

// act runs an action: it waits, may fail on request, and then changes the world. If it fails
// before the change, nothing has changed.
func (h *hypervisor) act(ctx context.Context, action string, change func(world) error) error {
	err := h.try(ctx, action, change)
	if err == nil {
		return nil
	}
	err = fmt.Errorf("%s on dummy host %s: %w", action, h.host, err)
	if errors.Is(err, errScripted) {
		return &drivers.Said{Text: said[action], Err: err}
	}
	return err
}

// said are messages of oned's dummy driver about failures on request; most actions have none.
var said = map[string]string{
	"snapshot_create": "dummy-snap", "disk_snapshot_create": "dummy-snap", "backup": "dummy-backup-id 1024",
}

func (h *hypervisor) try(ctx context.Context, action string, change func(world) error) error {
	if err := h.driver.mishap(ctx, action); err != nil {
		return err
	}
	h.driver.mu.Lock()
	defer h.driver.mu.Unlock()
	if h.driver.closed {
		return errClosed
	}
	facts, err := h.driver.world.facts(h.host)
	if err != nil {
		return err
	}
	if facts.Down {
		return errDown
	}
	return change(h.driver.world)
}

// mishap is everything that can delay or fail an action.
func (d *Driver) mishap(ctx context.Context, action string) error {
	span := d.settings.MaxDelay - d.settings.MinDelay
	delay := d.settings.MinDelay
	if span > 0 {
		delay += time.Duration(d.settings.Chance() * float64(span))
	}
	if err := pause.For(ctx, delay); err != nil {
		return err
	}
	if err := d.script.play(ctx, action); err != nil {
		return err
	}
	if d.settings.FailureRate > 0 && d.settings.Chance() < d.settings.FailureRate {
		return errChance
	}
	return nil
}

// tell publishes that a domain of h has changed. A domain that is gone is Off.
func (h *hypervisor) tell(d *domain, s drivers.DomainState) {
	h.driver.feed.Publish(h.host, drivers.Domain{VMID: d.VMID, DeployID: d.DeployID, State: s})
}

// running answers the domain of vm, which has to be running.
func (h *hypervisor) running(w world, vm drivers.VM) (*domain, error) {
	d, err := w.domain(h.host, vm.ID)
	if err != nil {
		return nil, err
	}
	if d == nil {
		return nil, fmt.Errorf("there is no domain of VM %d", vm.ID)
	}
	if !d.on() {
		return nil, fmt.Errorf("domain %s is %s, not running", d.DeployID, d.State)
	}
	return d, nil
}

// on tells whether the domain is running or paused.
func (d *domain) on() bool {
	return d != nil && (d.State == drivers.DomainRunning || d.State == drivers.DomainPaused)
}
