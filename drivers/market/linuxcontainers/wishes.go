package linuxcontainers

import (
	"cmp"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// wishes are what a marketplace says about its apps.
type wishes struct {
	sizeMB, fs, format string // of the disk
	memory, cpu, vcpu  string
	unprivileged       bool
	skipUntested       bool
}

func wishesOf(t attr.Template) wishes {
	return wishes{
		sizeMB: cmp.Or(t.Get("IMAGE_SIZE_MB"), "2048"), fs: cmp.Or(t.Get("FILESYSTEM"), "ext4"), format: cmp.Or(t.Get("FORMAT"), "raw"),
		memory: cmp.Or(t.Get("MEMORY"), "768"), cpu: cmp.Or(t.Get("CPU"), "1"), vcpu: cmp.Or(t.Get("VCPU"), "2"),
		unprivileged: isNo(t.Get("PRIVILEGED")),
		skipUntested: cmp.Or(t.Get("SKIP_UNTESTED"), "yes") == "yes",
	}
}

func isNo(value string) bool {
	return strings.EqualFold(value, "no") || strings.EqualFold(value, "false")
}

// vm is the template of a container on a host of that architecture.
func (w wishes) vm(arch string) (t attr.Template) {
	unprivileged := "false"
	if w.unprivileged {
		unprivileged = "true"
	}
	for name, value := range map[string]string{
		"SCHED_REQUIREMENTS": "HYPERVISOR=lxc & ARCH=" + arch, "HYPERVISOR": "lxc",
		"CPU": w.cpu, "VCPU": w.vcpu, "MEMORY": w.memory, "LXC_UNPRIVILEGED": unprivileged,
	} {
		t.Set(name, value)
	}
	t.SetVector("GRAPHICS", attr.Pair{Key: "LISTEN", Value: "0.0.0.0"}, attr.Pair{Key: "TYPE", Value: "vnc"})
	t.SetVector("CONTEXT", attr.Pair{Key: "NETWORK", Value: "YES"}, attr.Pair{Key: "SET_HOSTNAME", Value: "$NAME"},
		attr.Pair{Key: "SSH_PUBLIC_KEY", Value: "$USER[SSH_PUBLIC_KEY]"})
	t.SetVector("RAW", attr.Pair{Key: "TYPE", Value: "lxc"}, attr.Pair{Key: "DATA", Value: "lxc.apparmor.profile=unconfined"})
	return t
}
