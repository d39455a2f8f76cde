package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/renkei-vpe/renkei/pkg/one"
)

func hostNoun() *noun {
	n := &noun{
		name: "host", program: "onehost", element: "HOST", title: "host",
		method: "one.host.", pool: "one.hostpool.info",
		columns: hostColumns(), defaults: strings.Fields("ID NAME CLUSTER TVM ALLOCATED_CPU ALLOCATED_MEM STAT"),
		show: showHost, noShort: "v",
	}
	n.verbs = []verb{
		list(n), top(n), show(n), hostCreate(), deleteVerb(n), rename(n), update(n, "TEMPLATE"),
		hostStatus("enable", "enabled", "Have hosts take VMs", 0),
		hostStatus("disable", "disabled", "Have hosts take VMs only by hand", 1),
		hostStatus("offline", "offline", "Have hosts left alone altogether", 2),
		hostFlush(), hostMonitoring(),
	}
	return n
}

func hostStatus(name, done, short string, status int) verb {
	return action(name, done, short, func(_ *input, id int) (request, error) {
		return call("one.host.status", id, status), nil
	})
}

func hostCreate() verb {
	return verb{
		name: "create", short: "Register a host", args: []arg{word("hostname")},
		flags: func(f *pflag.FlagSet) {
			f.StringP("im", "i", "", "monitoring driver (mandatory)")
			f.StringP("vm", "v", "", "hypervisor driver (mandatory)")
			f.StringP("cluster", "c", "", "cluster to put it into, by ID or name")
		},
		run: func(s *session, in *input) error {
			if !in.given("im") || !in.given("vm") {
				return sayf("Drivers are mandatory to create a host: -i information driver, -v hypervisor driver")
			}
			cluster, err := s.option(in, "cluster", "CLUSTER", -1)
			if err != nil {
				return err
			}
			return s.makeOne(call("one.host.allocate", in.word(0), in.text("im"), in.text("vm"), cluster))
		},
	}
}

// hostFlush disables hosts and reschedules their VMs.
func hostFlush() verb {
	return action("flush", "flushing", "Disable hosts and have their VMs placed anew", nil).
		running(func(s *session, in *input) error {
			return s.each(in, "flushing", func(id int) error {
				if _, err := s.call(call("one.host.status", id, 1)); err != nil {
					return err
				}
				return s.reschedule(id)
			})
		})
}

func (s *session) reschedule(host int) error {
	vms, err := s.objects(vmNoun())
	if err != nil {
		return err
	}
	var failures []error
	for _, vm := range vms {
		record := vm.last("HISTORY_RECORDS/HISTORY")
		if record == nil || !onHost(vm) || int(record.int("HID")) != host {
			continue
		}
		if _, err := s.call(call("one.vm.action", "resched", int(vm.int("ID")))); err != nil {
			failures = append(failures, err)
		}
	}
	return errors.Join(failures...)
}

func hostState(n *node) one.HostState { return one.HostState(n.int("STATE")) }

func hostColumns() []column {
	return []column{
		{"ID", "ONE identifier for Host", 4, adjust, text("ID")},
		{"NAME", "Name of the Host", 15, left | expand, text("NAME")},
		{"CLUSTER", "Name of the Cluster", 10, left, textOr("CLUSTER", "-")},
		{"TVM", "Total Virtual Machines allocated to the Host", 3, 0, textOr("HOST_SHARE/RUNNING_VMS", "0")},
		{"ZVM", "Number of Virtual Machine zombies", 3, 0, textOr("TEMPLATE/TOTAL_ZOMBIES", "0")},
		{"TCPU", "Total CPU percentage", 4, 0, textOr("HOST_SHARE/MAX_CPU", "0")},
		{"FCPU", "Free CPU percentage", 4, 0, hostDiff("MAX_CPU", "MONITORING/CAPACITY/USED_CPU")},
		{"ACPU", "Available cpu percentage (not reserved by VMs)", 4, 0, hostDiff("MAX_CPU", "HOST_SHARE/CPU_USAGE")},
		{"TMEM", "Total Memory", 7, 0, func(v *view, n *node) string { return v.size(n.int("HOST_SHARE/MAX_MEM"), 'K') }},
		{"FMEM", "Free Memory", 7, 0, func(v *view, n *node) string { return v.size(n.int("MONITORING/CAPACITY/FREE_MEMORY"), 'K') }},
		{"AMEM", "Available Memory (not reserved by VMs)", 7, 0, func(v *view, n *node) string {
			return v.size(n.int("HOST_SHARE/MAX_MEM")-n.int("HOST_SHARE/MEM_USAGE"), 'K')
		}},
		{"ALLOCATED_CPU", "Allocated CPU", 18, 0, shareOf("HOST_SHARE/CPU_USAGE", "HOST_SHARE/MAX_CPU", plainNumber)},
		{"REAL_CPU", "Real CPU", 18, 0, shareOf("MONITORING/CAPACITY/USED_CPU", "HOST_SHARE/MAX_CPU", plainNumber)},
		{"ALLOCATED_MEM", "Allocated MEM", 18, 0, shareOf("HOST_SHARE/MEM_USAGE", "HOST_SHARE/MAX_MEM", (*view).kib)},
		{"REAL_MEM", "Real MEM", 18, 0, shareOf("MONITORING/CAPACITY/USED_MEMORY", "HOST_SHARE/MAX_MEM", (*view).kib)},
		{"STAT", "Host status", 4, left, func(_ *view, n *node) string { return hostState(n).Short() }},
	}
}

func plainNumber(_ *view, value int64) string { return itoa(value) }

func (v *view) kib(value int64) string { return v.size(value, 'K') }

func hostDiff(whole, used string) func(*view, *node) string {
	return func(_ *view, n *node) string { return itoa(n.int("HOST_SHARE/"+whole) - n.int(used)) }
}

// shareOf formats the usage of a capacity, as 50 / 800 (6%).
func shareOf(used, whole string, write func(*view, int64) string) func(*view, *node) string {
	return func(v *view, n *node) string {
		u, w := n.int(used), n.int(whole)
		switch {
		case u == 0 && w == 0:
			return "-"
		case w == 0:
			return write(v, u) + " / -"
		}
		return fmt.Sprintf("%s / %s (%d%%)", write(v, u), write(v, w), u*100/w)
	}
}

func showHost(p *page, n *node) {
	p.form = "%-22s: %-20s"
	p.title("HOST " + n.get("ID") + " INFORMATION")
	p.line("ID", n.get("ID"))
	p.line("NAME", n.get("NAME"))
	p.line("CLUSTER", n.or("CLUSTER", "-"))
	p.line("STATE", hostState(n).String())
	p.line("IM_MAD", n.get("IM_MAD"))
	p.line("VM_MAD", n.get("VM_MAD"))
	p.line("LAST MONITORING TIME", stamp(n.int("MONITORING/TIMESTAMP")))
	p.hostShares(n)
	for _, ds := range n.all("HOST_SHARE/DATASTORES/DS") {
		p.head("LOCAL SYSTEM DATASTORE #" + ds.get("ID") + " CAPACITY")
		p.line("TOTAL:", size(ds.int("TOTAL_MB"), 'M'))
		p.line("USED: ", size(ds.int("USED_MB"), 'M'))
		p.line("FREE:", size(ds.int("FREE_MB"), 'M'))
		p.blank()
	}
	p.head("MONITORING INFORMATION")
	p.template(n.at("TEMPLATE").without("VM"))
	p.hostDevices(n)
	p.hostNodes(n)
	p.hostWilds(n)
	p.section("VIRTUAL MACHINES")
	p.blank()
	id := n.get("ID")
	p.vms(func(vm *node) bool {
		return onHost(vm) && vm.last("HISTORY_RECORDS/HISTORY").get("HID") == id
	})
}

func (p *page) hostShares(n *node) {
	p.section("HOST SHARES")
	p.line("RUNNING VMS", n.get("HOST_SHARE/RUNNING_VMS"))
	p.head("MEMORY")
	p.line("  TOTAL", size(n.int("HOST_SHARE/TOTAL_MEM"), 'K'))
	p.line("  TOTAL +/- RESERVED", size(n.int("HOST_SHARE/MAX_MEM"), 'K'))
	p.line("  USED (REAL)", size(n.int("MONITORING/CAPACITY/USED_MEMORY"), 'K'))
	p.line("  USED (ALLOCATED)", size(n.int("HOST_SHARE/MEM_USAGE"), 'K'))
	p.head("CPU")
	p.line("  TOTAL", n.get("HOST_SHARE/TOTAL_CPU"))
	p.line("  TOTAL +/- RESERVED", n.get("HOST_SHARE/MAX_CPU"))
	p.line("  USED (REAL)", n.get("MONITORING/CAPACITY/USED_CPU"))
	p.line("  USED (ALLOCATED)", n.get("HOST_SHARE/CPU_USAGE"))
	p.blank()
}

func (p *page) hostDevices(n *node) {
	pcis := n.all("HOST_SHARE/PCI_DEVICES/PCI")
	if len(pcis) == 0 {
		return
	}
	p.section("PCI DEVICES")
	p.blank()
	p.table([]column{
		{"VM", "", 5, 0, func(_ *view, pci *node) string { return strings.Replace(pci.get("VMID"), "-1", "", 1) }},
		{"ADDR", "", 7, left, text("SHORT_ADDRESS")},
		{"TYPE", "", 14, left, text("TYPE")},
		{"NAME", "", 50, left, text("DEVICE_NAME")},
	}, pcis)
}

// hostWilds lists VMs on the host that OpenNebula did not create.
func (p *page) hostWilds(n *node) {
	p.section("WILD VIRTUAL MACHINES")
	p.blank()
	wilds := slices.DeleteFunc(n.all("TEMPLATE/VM"), func(vm *node) bool { return vm.get("WILD") != "YES" })
	dash := func(*view, *node) string { return "-" }
	p.table([]column{
		{"NAME", "", 30, left, text("VM_NAME")},
		{"DEPLOY_ID", "", 36, 0, text("DEPLOY_ID")},
		{"CPU", "", 4, 0, dash},
		{"MEMORY", "", 10, 0, dash},
	}, wilds)
}
