package dummy

import (
	"context"
	"fmt"
	"path"

	"github.com/renkei-vpe/renkei/drivers"
)

// Save ends vm and stores it as checkpoint file.
func (h *hypervisor) Save(ctx context.Context, vm drivers.VM, file string) error {
	return h.act(ctx, "save", func(w world) error {
		d, err := w.domain(h.host, vm.ID)
		if err != nil {
			return err
		}
		if !d.on() {
			return saved(w, h.spot(vm, file))
		}
		// The checkpoint first: if the server crashes between the two steps, a second call
		// finds the domain and saves it again.
		if err := w.putCheckpoint(h.spot(vm, file), &checkpoint{File: file, Domain: d}); err != nil {
			return err
		}
		return h.end(w, vm)
	})
}

// spot is where the checkpoint of vm is stored.
func (h *hypervisor) spot(vm drivers.VM, file string) spot {
	return spot{vmID: vm.ID, place: h.place, file: file}
}

// saved answers nil if an earlier call has saved the VM there.
func saved(w world, at spot) error {
	_, err := load(w, at)
	return err
}

func load(w world, at spot) (*domain, error) {
	c, err := w.checkpoint(at)
	if err != nil {
		return nil, err
	}
	if c == nil || path.Base(c.File) != path.Base(at.file) { // its folder may have been moved
		return nil, fmt.Errorf("VM %d does not run and has no saved memory in %s", at.vmID, at.file)
	}
	return c.Domain.clone(), nil
}

// Restore resumes vm from its checkpoint, on any host.
func (h *hypervisor) Restore(ctx context.Context, vm drivers.VM, file string) (deployID string, err error) {
	err = h.act(ctx, "restore", func(w world) error {
		d, err := w.domain(h.host, vm.ID)
		if err != nil {
			return err
		}
		if !d.on() {
			if d, err = load(w, h.spot(vm, file)); err != nil {
				return err
			}
			if err := h.start(w, d); err != nil {
				return err
			}
		}
		deployID = d.DeployID
		return w.removeCheckpoint(h.spot(vm, file))
	})
	return deployID, err
}
