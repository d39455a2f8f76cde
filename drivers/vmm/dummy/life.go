package dummy

import (
	"context"
	"errors"
	"fmt"

	"github.com/renkei-vpe/renkei/drivers"
)

// Deploy boots vm. A domain that was off starts with vm's present template.
func (h *hypervisor) Deploy(ctx context.Context, vm drivers.VM) (deployID string, err error) {
	err = h.act(ctx, "deploy", func(w world) error {
		d, err := w.domain(h.host, vm.ID)
		if err != nil {
			return err
		}
		if d.on() {
			deployID = d.DeployID
			return nil
		}
		d = h.boot(vm)
		deployID = d.DeployID
		if err := w.removeCheckpoint(h.spot(vm, vm.Dir+"/"+drivers.CheckpointFile)); err != nil { // of an earlier boot
			return err
		}
		return h.start(w, d)
	})
	var failed *drivers.Said
	if errors.As(err, &failed) {
		failed.Text = h.deployID(vm)
	}
	return deployID, err
}

func (h *hypervisor) deployID(vm drivers.VM) string {
	return fmt.Sprintf("%s:%s:dummy", h.host, vm.Name)
}

// boot makes the domain of vm from its template.
func (h *hypervisor) boot(vm drivers.VM) *domain {
	d := &domain{
		VMID:     vm.ID,
		DeployID: h.deployID(vm),
		Started:  h.driver.settings.Now(),
		CPU:      1,
		DiskMiB:  make(map[int]int64),
		NICs:     make(map[int]bool),
	}
	if cpu, ok := vm.Template.Float("CPU"); ok {
		d.CPU = cpu
	}
	memoryMiB, _ := vm.Template.Int("MEMORY")
	d.MemoryKiB = int64(memoryMiB) * 1024
	for _, disk := range vm.Template.Vectors("DISK") {
		if id, ok := disk.Int("DISK_ID"); ok {
			size, _ := disk.Int("SIZE")
			d.DiskMiB[id] = int64(size)
		}
	}
	for _, nic := range vm.Template.Vectors("NIC") {
		if id, ok := nic.Int("NIC_ID"); ok {
			d.NICs[id] = true
		}
	}
	return d
}

// start stores a running domain on h and publishes that.
func (h *hypervisor) start(w world, d *domain) error {
	d.State = drivers.DomainRunning
	if err := w.put(h.host, d); err != nil {
		return err
	}
	h.tell(d, drivers.DomainRunning)
	return nil
}

// Shutdown ends vm: simulated guests always power off when asked.
func (h *hypervisor) Shutdown(ctx context.Context, vm drivers.VM) error {
	return h.act(ctx, "shutdown", func(w world) error { return h.end(w, vm) })
}

// Destroy ends vm. In oned this action is called cancel.
func (h *hypervisor) Destroy(ctx context.Context, vm drivers.VM) error {
	return h.act(ctx, "cancel", func(w world) error { return h.end(w, vm) })
}

// end removes the domain of vm, if there is one.
func (h *hypervisor) end(w world, vm drivers.VM) error {
	d, err := w.domain(h.host, vm.ID)
	if d == nil {
		return err
	}
	if err := w.remove(h.host, vm.ID); err != nil {
		return err
	}
	h.tell(d, drivers.DomainOff)
	return nil
}

// Reboot restarts the guest of vm.
func (h *hypervisor) Reboot(ctx context.Context, vm drivers.VM) error {
	return h.restart(ctx, "reboot", vm)
}

// Reset restarts the guest of vm.
func (h *hypervisor) Reset(ctx context.Context, vm drivers.VM) error {
	return h.restart(ctx, "reset", vm)
}

func (h *hypervisor) restart(ctx context.Context, action string, vm drivers.VM) error {
	return h.act(ctx, action, func(w world) error {
		d, err := h.running(w, vm)
		if err != nil {
			return err
		}
		return h.start(w, d)
	})
}
