package one22

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// wordsOfVM is a VM's template in 2.2's words: disks, NICs and context as they are now,
// the rest as it was given, or its equivalent.
func wordsOfVM(r store.Reader, v *vm.VM) (t attr.Template) {
	t = v.Legacy.Clone()
	if v.Legacy == nil {
		t = modernWords(v)
	}
	t.Set("NAME", v.Name)
	t.Set("VMID", strconv.Itoa(v.ID))
	for _, name := range []string{"CPU", "MEMORY", "VCPU"} {
		if is := v.Template.Get(name); is != "" && t.Has(name) {
			t.Set(name, is)
		}
	}
	if req := v.User.Get("SCHED_REQUIREMENTS"); req != "" {
		t.Set("REQUIREMENTS", req)
	}
	consoleWords(&t, v)
	replaceAll(&t, "DISK", diskWords(r, v))
	replaceAll(&t, "NIC", nicWords(v))
	replaceAll(&t, "CONTEXT", contextWords(v))
	return t
}

// replaceAll replaces all attributes of a name.
func replaceAll(t *attr.Template, name string, with []attr.Attr) {
	t.Del(name)
	for _, a := range with {
		t.Add(a)
	}
}

// modern are the parts of today's VMs that 2.2 knew, with their keys.
var modern = []struct {
	name string
	keys []string
}{
	{"CPU", nil}, {"MEMORY", nil}, {"VCPU", nil},
	{"OS", []string{"ARCH", "BOOTLOADER", "INITRD", "KERNEL", "KERNEL_CMD", "ROOT"}},
	{"FEATURES", []string{"ACPI", "PAE"}},
	{"GRAPHICS", []string{"KEYMAP", "LISTEN", "PASSWD", "PORT", "TYPE"}},
	{"INPUT", []string{"BUS", "TYPE"}},
	{"RAW", []string{"DATA", "TYPE"}},
}

// ours are attributes of USER_TEMPLATE that did not exist in 2.2.
var ours = []string{"ERROR", "HYPERVISOR", "LABELS", "LOGO", "USER_INPUTS", "INPUTS_ORDER"}

// modernWords describes a VM that was not created here.
func modernWords(v *vm.VM) (t attr.Template) {
	for _, a := range v.User {
		if !strings.HasPrefix(a.Name, "SCHED_") && !slices.Contains(ours, a.Name) {
			t.Add(a.Clone())
		}
	}
	if rank := v.User.Get("SCHED_RANK"); rank != "" {
		t.Set("RANK", rank)
	}
	for _, part := range modern {
		for _, a := range v.Template.Named(part.name) {
			if a.IsVector {
				a = onlyKeys(&a, part.keys...)
			}
			if !a.IsVector || len(a.Vector) > 0 {
				t.Add(a.Clone())
			}
		}
	}
	return t
}

// consoleWords shows the port that the console has, or will have.
func consoleWords(t *attr.Template, v *vm.VM) {
	g := t.Vector("GRAPHICS")
	if g == nil || g.Get("PORT") != "" {
		return
	}
	g.Set("PORT", cmp.Or(v.Template.Vector("GRAPHICS").Get("PORT"), strconv.Itoa(firstPort+v.ID)))
}

// firstPort is VNC_BASE_PORT of 2.2's oned.conf.
const firstPort = 5900

func diskWords(r store.Reader, v *vm.VM) (list []attr.Attr) {
	given := v.Legacy.Vectors("DISK")
	for i, d := range v.Template.Vectors("DISK") {
		var words *attr.Attr
		if i < len(given) {
			words = given[i]
		}
		if d.Has("IMAGE_ID") {
			list = append(list, imageDisk(r, d, words))
			continue
		}
		list = append(list, ownDisk(d, words))
	}
	return list
}

// ownDisk is a disk without an image.
func ownDisk(d, words *attr.Attr) attr.Attr {
	out := onlyKeys(d, "FORMAT", "SIZE", "TARGET", "TYPE")
	if words != nil {
		out = words.Clone()
		out.Set("TARGET", cmp.Or(out.Get("TARGET"), d.Get("TARGET")))
		if !strings.EqualFold(out.Get("TYPE"), "swap") && words.Get("TARGET") == "" {
			out.Del("TARGET")
		}
	}
	out.Set("DISK_ID", d.Get("DISK_ID"))
	if d.Has("SAVE_AS") {
		out.Set("SAVE", "YES")
		out.Set("SAVE_AS", d.Get("SAVE_AS"))
	}
	return out
}

// imageDisk is a disk with an image. 2.2 drops everything else that was given for it.
func imageDisk(r store.Reader, d, words *attr.Attr) attr.Attr {
	out := onlyKeys(d, "DISK_ID", "IMAGE", "IMAGE_ID", "SOURCE", "TARGET")
	out.Set("TYPE", "DISK")
	out.Set("READONLY", "NO")
	if d.Get("TYPE") == "CDROM" {
		out.Set("TYPE", "CDROM")
		out.Set("READONLY", "YES")
	}
	if persistent, _ := d.Bool("PERSISTENT"); persistent {
		out.Set("CLONE", "NO")
		out.Set("SAVE", "YES")
		out.Set("SAVE_AS", d.Get("IMAGE_ID"))
	} else {
		out.Set("CLONE", "YES")
		out.Set("SAVE", attr.YesNo(d.Has("SAVE_AS")))
		if d.Has("SAVE_AS") {
			out.Set("SAVE_AS", d.Get("SAVE_AS"))
		}
	}
	of := imageWordsOf(r, d)
	for _, key := range []string{"BUS", "DRIVER"} {
		value := of.Get(key)
		if words != nil {
			value = cmp.Or(words.Get(key), value)
		}
		if value != "" {
			out.Set(key, value)
		}
	}
	return out
}

func imageWordsOf(r store.Reader, d *attr.Attr) attr.Template {
	id, _ := d.Int("IMAGE_ID")
	img, ok := image.Kind.Table.Get(r, store.ID(id))
	switch {
	case !ok:
		return nil
	case img.Legacy != nil:
		return img.Legacy
	}
	return img.Template
}

// nicWords are the NICs. One without a network is shown as it was given.
func nicWords(v *vm.VM) (list []attr.Attr) {
	given := v.Legacy.Vectors("NIC")
	for i, nic := range v.Template.Vectors("NIC") {
		if !nic.Has("NETWORK_ID") && i < len(given) {
			list = append(list, given[i].Clone())
			continue
		}
		list = append(list, onlyKeys(nic, "BRIDGE", "IP", "MAC", "MODEL", "NETWORK", "NETWORK_ID"))
	}
	return list
}

// contextWords is the context with its variables resolved: the given keys, and where the
// CD is attached.
func contextWords(v *vm.VM) []attr.Attr {
	c := v.Template.Vector("CONTEXT")
	if c == nil {
		return nil
	}
	out := c.Clone()
	out.Del("DISK_ID")
	if words := v.Legacy.Vector("CONTEXT"); words != nil {
		keys := []string{"TARGET"}
		for _, p := range words.Vector {
			keys = append(keys, p.Key)
		}
		out = onlyKeys(&out, keys...)
	}
	return []attr.Attr{out}
}
