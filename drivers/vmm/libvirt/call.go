package libvirt

import (
	"context"
	"fmt"

	lv "libvirt.org/go/libvirt"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/vmm/libvirt/domxml"
)

// call runs f, which may block, and answers its result, or ctx's error as soon as ctx ends.
func call[T any](ctx context.Context, h *hypervisor, r role, f func(*lv.Connect) (T, error)) (T, error) {
	return guarded(ctx, h, r, func() {}, f)
}

// operate is call for changes of vm: the next one does not begin before f has ended, even if
// its caller has given up.
func operate[T any](ctx context.Context, h *hypervisor, vm drivers.VM, f func(*lv.Connect) (T, error)) (T, error) {
	release, err := h.driver.locks.Lock(ctx, fmt.Sprintf("%s/%d", h.host.Name, vm.ID))
	if err != nil {
		var none T
		return none, err
	}
	return guarded(ctx, h, acting, release, f)
}

// change is operate without a result.
func change(ctx context.Context, h *hypervisor, vm drivers.VM, f func(*lv.Connect) error) error {
	_, err := operate(ctx, h, vm, func(c *lv.Connect) (struct{}, error) { return struct{}{}, f(c) })
	return err
}

// guarded runs f on a connection of h, and release when f has ended or could not begin.
func guarded[T any](ctx context.Context, h *hypervisor, r role, release func(), f func(*lv.Connect) (T, error)) (none T, _ error) {
	if err := ctx.Err(); err != nil {
		release()
		return none, err
	}
	l, done, err := h.driver.pool.take(ctx, linkKey{h.host.Name, h.uri, r}, h.knock)
	if err != nil {
		release()
		return none, err
	}
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		done()
		release()
		return none, ctx.Err()
	}
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer, 1)
	go func() { // the pool waits until done is called
		defer done()
		defer release()
		defer func() { <-l.slots }()
		v, err := f(l.conn)
		answers <- answer{v, plain(err)}
	}()
	select {
	case a := <-answers:
		return a.value, a.err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// find answers the domain of vm, or nil if there is none. The caller frees it.
func find(c *lv.Connect, vm drivers.VM) (*lv.Domain, error) {
	dom, err := c.LookupDomainByName(nameOf(vm))
	if is(err, lv.ERR_NO_DOMAIN) {
		return nil, nil
	}
	return dom, err
}

// nameOf answers the name of vm's domain: its deploy ID, which for imported VMs is not a name
// of ours.
func nameOf(vm drivers.VM) string {
	if vm.DeployID != "" {
		return vm.DeployID
	}
	return domxml.Name(vm.ID)
}

// free frees a domain in the library. It only fails if the domain is freed already.
func free(dom *lv.Domain) {
	if dom != nil {
		_ = dom.Free()
	}
}

// active answers the domain of vm, which has to be running or paused.
func active(c *lv.Connect, vm drivers.VM) (*lv.Domain, error) {
	dom, err := find(c, vm)
	if err != nil {
		return nil, err
	}
	if on, err := isActive(dom); err != nil || !on {
		free(dom)
		if err == nil {
			err = notRunning(nameOf(vm))
		}
		return nil, err
	}
	return dom, nil
}

// isActive is false for nil and for a domain that has been undefined.
func isActive(dom *lv.Domain) (bool, error) {
	if dom == nil {
		return false, nil
	}
	on, err := dom.IsActive()
	if is(err, lv.ERR_NO_DOMAIN) {
		return false, nil
	}
	return on, err
}
