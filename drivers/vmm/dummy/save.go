package dummy

import (
	"context"
	"fmt"

	"github.com/renkei-vpe/renkei/drivers"
)

// Save ends vm and remembers it under file.
func (h *hypervisor) Save(ctx context.Context, vm drivers.VM, file string) error {
	return h.act(ctx, "save", func(w world) error {
		d, err := w.domain(h.host, vm.ID)
		if err != nil {
			return err
		}
		if !d.on() {
			return saved(w, vm, file)
		}
		// The checkpoint first: between the two steps a second call finds
		// the domain still there and saves it again.
		if err := w.putCheckpoint(vm.ID, &checkpoint{File: file, Domain: d}); err != nil {
			return err
		}
		return h.end(w, vm)
	})
}

// saved answers nil when an earlier call saved vm to file.
func saved(w world, vm drivers.VM, file string) error {
	_, err := load(w, vm, file)
	return err
}

func load(w world, vm drivers.VM, file string) (*domain, error) {
	c, err := w.checkpoint(vm.ID)
	if err != nil {
		return nil, err
	}
	if c == nil || c.File != file {
		return nil, fmt.Errorf("VM %d does not run and has no saved memory in %s", vm.ID, file)
	}
	return c.Domain.clone(), nil
}

// Restore starts vm from what Save remembered, on this host or another.
func (h *hypervisor) Restore(ctx context.Context, vm drivers.VM, file string) (deployID string, err error) {
	err = h.act(ctx, "restore", func(w world) error {
		d, err := w.domain(h.host, vm.ID)
		if err != nil {
			return err
		}
		if !d.on() {
			if d, err = load(w, vm, file); err != nil {
				return err
			}
			if err := h.start(w, d); err != nil {
				return err
			}
		}
		deployID = d.DeployID
		return w.removeCheckpoint(vm.ID)
	})
	return deployID, err
}
