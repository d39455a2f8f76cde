package dummy

import (
	"context"
	"encoding/base64"
	"fmt"

	"github.com/renkei-vpe/renkei/drivers"
)

var _ drivers.Commander = (*hypervisor)(nil)

// StartCommand pretends that the guest of vm runs a command, which has ended at the next poll.
func (h *hypervisor) StartCommand(ctx context.Context, vm drivers.VM, _, _ string) (int, error) {
	return vm.ID, h.act(ctx, "exec", func(w world) error {
		_, err := h.running(w, vm)
		return err
	})
}

// CommandResult answers the output of OpenNebula's dummy guests.
func (h *hypervisor) CommandResult(_ context.Context, vm drivers.VM, _ int) (*drivers.CommandResult, error) {
	text := fmt.Sprintf("Execution finished for VM %d", vm.ID)
	return &drivers.CommandResult{Stdout: base64.StdEncoding.EncodeToString([]byte(text))}, nil
}

// KillCommand has nothing to do.
func (h *hypervisor) KillCommand(ctx context.Context, vm drivers.VM, _ int) error {
	return h.act(ctx, "exec_cancel", func(w world) error {
		_, err := h.running(w, vm)
		return err
	})
}
