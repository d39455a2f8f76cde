package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"libvirt.org/go/libvirtxml"

	"github.com/renkei-vpe/renkei/pkg/pause"
)

// Hand boots domains with virsh and qemu-img on this machine, for comparison with a server.
type Hand struct {
	URI   string        // of libvirt
	Says  string        // what a guest prints on its console when it is up
	Dir   string        // folder for disks, which QEMU's user has to be able to enter
	Every time.Duration // polling interval of consoles
}

// HandTimes are the times of one domain that was booted with virsh.
type HandTimes struct {
	Disks time.Duration // qemu-img and cp
	Start time.Duration // virsh define, virsh start
	Up    time.Duration // from then until the guest wrote that it is up
}

// Whole is the sum.
func (t HandTimes) Whole() time.Duration { return t.Disks + t.Start + t.Up }

// up waits until the guest of a VM is up, notes the time, and answers a copy of its domain that
// can be booted.
func (h *Hand) up(ctx context.Context, name string, t *BootTimes, begin time.Time) (*domain, error) {
	text, err := h.run(ctx, "virsh", "-q", "-c", h.URI, "dumpxml", "--inactive", name)
	if err != nil {
		return nil, err
	}
	var d libvirtxml.Domain
	if err := d.Unmarshal(text); err != nil {
		return nil, fmt.Errorf("domain %s: %w", name, err)
	}
	console, err := consoleOf(&d)
	if err != nil {
		return nil, err
	}
	if err := h.says(ctx, console); err != nil {
		return nil, err
	}
	running := t.Whole
	t.Whole = time.Since(begin)
	t.Up = t.Whole - running
	return h.again(ctx, &d)
}

// says waits until a guest has printed to its console that it is up.
func (h *Hand) says(ctx context.Context, console string) error {
	for {
		text, err := os.ReadFile(console)
		if err == nil && strings.Contains(string(text), h.Says) {
			return nil
		}
		if pause.For(ctx, h.Every) != nil {
			return fmt.Errorf("no %q in %s: %w", h.Says, console, errors.Join(ctx.Err(), err))
		}
	}
}

// consoleOf is the file with the output of the guest's serial port.
func consoleOf(d *libvirtxml.Domain) (string, error) {
	if d.Devices != nil && len(d.Devices.Serials) > 0 && d.Devices.Serials[0].Log != nil {
		return d.Devices.Serials[0].Log.File, nil
	}
	return "", fmt.Errorf("domain %s keeps no log of its serial console", d.Name)
}

// run runs a tool, and answers its output.
func (h *Hand) run(ctx context.Context, argv ...string) (string, error) {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", strings.Join(argv, " "), err, strings.TrimSpace(complaint.String()))
	}
	return string(out), nil
}

// folder makes a folder for the files of one domain.
func (h *Hand) folder() (string, error) {
	dir, err := os.MkdirTemp(h.Dir, "renkei-bench-")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return filepath.EvalSymlinks(dir)
}
