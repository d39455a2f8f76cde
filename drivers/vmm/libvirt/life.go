package libvirt

import (
	"context"
	"fmt"
	"time"

	lv "libvirt.org/go/libvirt"

	"github.com/renkei-vpe/renkei/drivers"
)

// A guest that is still booting ignores the power button: Shutdown presses it every askAgain,
// and checks every lookAgain.
const (
	askAgain  = 10 * time.Second
	lookAgain = 250 * time.Millisecond
)

// Shutdown presses the power button of vm until its guest has powered off.
func (h *hypervisor) Shutdown(ctx context.Context, vm drivers.VM) error {
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	for looks := 0; ; looks++ {
		ask := looks%int(askAgain/lookAgain) == 0
		off, err := operate(ctx, h, vm, func(c *lv.Connect) (bool, error) { return askOff(c, vm, ask) })
		if err != nil {
			return fmt.Errorf("shutting down VM %d on host %s: %w", vm.ID, h.host.Name, err)
		}
		if off {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("the guest of VM %d did not power off: %w", vm.ID, ctx.Err())
		}
	}
}

// askOff tells whether vm is off, and then undefines it.
func askOff(c *lv.Connect, vm drivers.VM, ask bool) (off bool, err error) {
	dom, err := find(c, vm)
	if err != nil {
		return false, err
	}
	defer free(dom)
	on, err := isActive(dom)
	if err != nil {
		return false, err
	}
	if !on {
		return true, undefine(dom)
	}
	if ask {
		err = dom.Shutdown()
	}
	if is(err, lv.ERR_OPERATION_INVALID, lv.ERR_NO_DOMAIN) { // it has powered off just now
		err = nil
	}
	return false, err
}

// Destroy powers vm off and undefines it.
func (h *hypervisor) Destroy(ctx context.Context, vm drivers.VM) error {
	err := change(ctx, h, vm, func(c *lv.Connect) error {
		dom, err := find(c, vm)
		if err != nil || dom == nil {
			return err
		}
		defer free(dom)
		if err := dom.Destroy(); err != nil && !is(err, lv.ERR_OPERATION_INVALID, lv.ERR_NO_DOMAIN) {
			return err // it was not off before
		}
		return undefine(dom)
	})
	if err != nil {
		return fmt.Errorf("destroying VM %d on host %s: %w", vm.ID, h.host.Name, err)
	}
	return nil
}

// Reboot asks the guest of vm to restart.
func (h *hypervisor) Reboot(ctx context.Context, vm drivers.VM) error {
	return h.alter(ctx, vm, "rebooting", func(_ *lv.Connect, dom *lv.Domain) error {
		return dom.Reboot(lv.DOMAIN_REBOOT_DEFAULT)
	})
}

// Reset presses the reset button of vm.
func (h *hypervisor) Reset(ctx context.Context, vm drivers.VM) error {
	return h.alter(ctx, vm, "resetting", func(_ *lv.Connect, dom *lv.Domain) error { return dom.Reset(0) })
}

// alter changes the running domain of vm.
func (h *hypervisor) alter(ctx context.Context, vm drivers.VM, doing string, f func(*lv.Connect, *lv.Domain) error) error {
	err := change(ctx, h, vm, func(c *lv.Connect) error {
		dom, err := active(c, vm)
		if err != nil {
			return err
		}
		defer free(dom)
		return f(c, dom)
	})
	if err != nil {
		return fmt.Errorf("%s VM %d on host %s: %w", doing, vm.ID, h.host.Name, err)
	}
	return nil
}
