package bridge

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/remote"
)

// Firewall is a network driver that enforces security groups: every driver but "bridge". It
// uses iptables with the same chains as OpenNebula's drivers, so that hosts can be moved
// between both.
type Firewall struct{ *Network }

var _ drivers.Network = (*Firewall)(nil)

// Setup sets up the bridge and the rules, so that they exist before the VM sends its first
// packet.
func (f *Firewall) Setup(ctx context.Context, h drivers.Host, vm drivers.VM, nic drivers.NIC) error {
	if err := f.Network.Setup(ctx, h, vm, nic); err != nil {
		return err
	}
	return f.filter(ctx, h, vm, nic)
}

// Activate updates the rules of the NIC to those in vm.
func (f *Firewall) Activate(ctx context.Context, h drivers.Host, vm drivers.VM, nic drivers.NIC) error {
	if err := f.Network.Activate(ctx, h, vm, nic); err != nil {
		return err
	}
	return f.filter(ctx, h, vm, nic)
}

func (f *Firewall) filter(ctx context.Context, h drivers.Host, vm drivers.VM, nic drivers.NIC) error {
	c, err := cardOf(vm, nic)
	if err != nil {
		return err
	}
	if err := f.ready(ctx, h); err != nil {
		if c.everything() {
			return nil
		}
		return err
	}
	return f.eachFamily(ctx, h, c.install)
}

// Clean deletes the rules, and does what Network does.
func (f *Firewall) Clean(ctx context.Context, h drivers.Host, vm drivers.VM, nic drivers.NIC) error {
	c := card{chain: chainOf(vm, nic)}
	err := f.eachFamily(ctx, h, func(_ family, have []string) ([]string, error) { return c.remove(have), nil })
	return errors.Join(err, f.Network.Clean(ctx, h, vm, nic))
}

// ready fails if bridged packets do not pass iptables, for which the kernel module br_netfilter
// is needed.
func (f *Firewall) ready(ctx context.Context, h drivers.Host) error {
	const settings = "/proc/sys/net/bridge/bridge-nf-call-"
	out, err := f.shell.Command(ctx, h, "cat", settings+"iptables", settings+"ip6tables")
	if err != nil {
		return fmt.Errorf("host %s cannot filter what goes over bridges: load br_netfilter there (\"modprobe br_netfilter\"): %w", h.Name, err)
	}
	for word := range strings.FieldsSeq(string(out)) {
		if word != "1" {
			return fmt.Errorf("host %s does not filter what goes over bridges: set net.bridge.bridge-nf-call-iptables and -ip6tables to 1 there", h.Name)
		}
	}
	return nil
}

// eachFamily changes the rules of iptables and ip6tables: change answers the lines for the
// existing rules. Each change is atomic, and exclusive on the host.
func (f *Firewall) eachFamily(ctx context.Context, h drivers.Host, change func(family, []string) ([]string, error)) error {
	unlock, err := f.locks.Lock(ctx, h.Name+" iptables")
	if err != nil {
		return err
	}
	defer unlock()
	for _, fam := range families {
		have, err := f.shell.Command(ctx, h, fam.tool, "-w", "10", "-S")
		if err != nil {
			return fmt.Errorf("looking at the rules: %w", err)
		}
		lines, err := change(fam, strings.Split(string(have), "\n"))
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			continue
		}
		script := "*filter\n" + strings.Join(lines, "\n") + "\nCOMMIT\n"
		_, err = f.shell.Run(ctx, h, remote.Cmd{
			Args: []string{fam.tool + "-restore", "-w", "10", "--noflush"}, Stdin: strings.NewReader(script),
		})
		if err != nil {
			return fmt.Errorf("changing the rules: %w", err)
		}
	}
	return nil
}
