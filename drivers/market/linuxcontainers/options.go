package linuxcontainers

import (
	"cmp"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// options are the attributes of a marketplace that set what its apps are like.
type options struct {
	sizeMB, fs, format string // of the image
	memory, cpu, vcpu  string
	unprivileged       bool
	skipUntested       bool
}

// optionsOf reads the options of a marketplace from its template, with the defaults of OpenNebula.
func optionsOf(t attr.Template) options {
	return options{
		sizeMB: cmp.Or(t.Get("IMAGE_SIZE_MB"), "2048"), fs: cmp.Or(t.Get("FILESYSTEM"), "ext4"), format: cmp.Or(t.Get("FORMAT"), "raw"),
		memory: cmp.Or(t.Get("MEMORY"), "768"), cpu: cmp.Or(t.Get("CPU"), "1"), vcpu: cmp.Or(t.Get("VCPU"), "2"),
		unprivileged: isNo(t.Get("PRIVILEGED")),
		skipUntested: cmp.Or(t.Get("SKIP_UNTESTED"), "yes") == "yes",
	}
}

func isNo(value string) bool {
	return strings.EqualFold(value, "no") || strings.EqualFold(value, "false")
}

// vm returns the template of a VM with the app on hosts of an architecture.
func (o options) vm(arch string) (t attr.Template) {
	unprivileged := "false"
	if o.unprivileged {
		unprivileged = "true"
	}
	for name, value := range map[string]string{
		"SCHED_REQUIREMENTS": "HYPERVISOR=lxc & ARCH=" + arch, "HYPERVISOR": "lxc",
		"CPU": o.cpu, "VCPU": o.vcpu, "MEMORY": o.memory, "LXC_UNPRIVILEGED": unprivileged,
	} {
		t.Set(name, value)
	}
	t.SetVector("GRAPHICS", attr.Pair{Key: "LISTEN", Value: "0.0.0.0"}, attr.Pair{Key: "TYPE", Value: "vnc"})
	t.SetVector("CONTEXT", attr.Pair{Key: "NETWORK", Value: "YES"}, attr.Pair{Key: "SET_HOSTNAME", Value: "$NAME"},
		attr.Pair{Key: "SSH_PUBLIC_KEY", Value: "$USER[SSH_PUBLIC_KEY]"})
	t.SetVector("RAW", attr.Pair{Key: "TYPE", Value: "lxc"}, attr.Pair{Key: "DATA", Value: "lxc.apparmor.profile=unconfined"})
	return t
}
