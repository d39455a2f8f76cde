package dummy

import (
	"context"

	"github.com/renkei-vpe/renkei/drivers"
)

// Migrate moves vm to another simulated host, or on the same host, only its disks.
func (h *hypervisor) Migrate(ctx context.Context, vm drivers.VM, to drivers.Host) error {
	target := &hypervisor{driver: h.driver, host: to.Name}
	return h.act(ctx, "migrate", func(w world) error {
		if facts, err := w.facts(to.Name); err != nil {
			return err
		} else if facts.Down {
			return errDown
		}
		if there, err := w.domain(to.Name, vm.ID); err != nil {
			return err
		} else if there.on() && to.Name != h.host {
			return w.remove(h.host, vm.ID) // done by an earlier call
		}
		d, err := h.running(w, vm)
		if err != nil {
			return err
		}
		if to.Name == h.host {
			return nil
		}
		if err := w.move(h.host, vm.ID, to.Name); err != nil {
			return err
		}
		target.tell(d, d.State)
		return nil
	})
}
