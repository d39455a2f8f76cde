package libvirt

import (
	"context"
	"fmt"

	lv "libvirt.org/go/libvirt"

	"github.com/renkei-vpe/renkei/drivers"
)

// Deploy defines and starts vm. A definition that is left from an earlier call or boot is
// replaced.
func (h *hypervisor) Deploy(ctx context.Context, vm drivers.VM) (deployID string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err // before the host is probed
	}
	if err := h.provideFolder(ctx, vm); err != nil {
		return "", err
	}
	deployID, err = h.deploy(ctx, vm)
	if noCgroups(err) {
		h.driver.mu.Lock()
		h.driver.noShares[h.host.Name] = true
		h.driver.mu.Unlock()
		h.driver.settings.Log.Warn().Str("host", h.host.Name).Err(err).
			Msg("this host has no cgroups to share out its CPUs with: VMs start without CPU shares")
		deployID, err = h.deploy(ctx, vm)
	}
	if err != nil {
		return "", fmt.Errorf("deploying VM %d on host %s: %w", vm.ID, h.host.Name, err)
	}
	return deployID, nil
}

// provideFolder creates the folder of a VM without disks, such as one that boots from the
// network, for its console log. Other folders are created with the disks.
func (h *hypervisor) provideFolder(ctx context.Context, vm drivers.VM) error {
	if len(vm.Template.Vectors("DISK")) > 0 || vm.Template.Vector("CONTEXT") != nil {
		return nil
	}
	if _, err := h.run(ctx, "mkdir", "-p", "--", vm.Dir); err != nil {
		return fmt.Errorf("creating the folder of VM %d on host %s: %w", vm.ID, h.host.Name, err)
	}
	return nil
}

func (h *hypervisor) deploy(ctx context.Context, vm drivers.VM) (string, error) {
	text, err := h.builder(ctx).Domain(vm, h.host)
	if err != nil {
		return "", err
	}
	return operate(ctx, h, vm, func(c *lv.Connect) (string, error) {
		old, err := find(c, vm)
		if err != nil {
			return "", err
		}
		defer free(old)
		if on, err := isActive(old); err != nil || on {
			return nameOf(vm), err
		}
		if err := undefine(old); err != nil {
			return "", err
		}
		return start(c, text)
	})
}

// start defines a domain and boots it. If it does not boot, it is undefined.
func start(c *lv.Connect, text string) (name string, err error) {
	dom, err := c.DomainDefineXML(text)
	if err != nil {
		return "", err
	}
	defer free(dom)
	if err := dom.Create(); err != nil {
		_ = undefine(dom) // the error of Create is reported
		return "", err
	}
	return dom.GetName()
}

// undefineAll deletes everything that libvirt stores with a definition.
const undefineAll = lv.DOMAIN_UNDEFINE_MANAGED_SAVE | lv.DOMAIN_UNDEFINE_SNAPSHOTS_METADATA |
	lv.DOMAIN_UNDEFINE_CHECKPOINTS_METADATA | lv.DOMAIN_UNDEFINE_NVRAM

// undefine undefines a domain; if there is none, the goal is met.
func undefine(dom *lv.Domain) error {
	if dom == nil {
		return nil
	}
	err := dom.UndefineFlags(undefineAll)
	if is(err, lv.ERR_INVALID_ARG, lv.ERR_NO_SUPPORT) { // from libvirt drivers without these features
		err = dom.Undefine()
	}
	if is(err, lv.ERR_NO_DOMAIN) {
		return nil
	}
	return err
}
