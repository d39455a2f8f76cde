package libvirt

import (
	"context"
	"errors"
	"os/exec"
	"strings"
)

var errNoRunner = errors.New("the libvirt driver was given no way to run commands on other hosts")

// run runs a command on the host.
func (h *hypervisor) run(ctx context.Context, argv ...string) ([]byte, error) {
	switch {
	case h.driver.settings.Run != nil:
		return h.driver.settings.Run(ctx, h.host, argv...)
	case h.host.Local:
		return exec.CommandContext(ctx, argv[0], argv[1:]...).Output()
	}
	return nil, errNoRunner
}

// knock checks whether another host is up. libvirt's own ssh would wait for minutes if it is
// not, and cannot be interrupted.
func (h *hypervisor) knock(ctx context.Context) error {
	if h.driver.settings.Run == nil || h.host.Local || !strings.Contains(h.uri, "+ssh:") {
		return nil
	}
	_, err := h.driver.settings.Run(ctx, h.host, "true")
	return err
}
