package one22

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// vmAllocate translates a template for today's rules, and keeps the original for 2.2's
// clients.
func vmAllocate(tx *store.Tx, s *Server, c *call) (any, error) {
	words, err := attr.Parse(c.Text(1) + "\n")
	if err != nil {
		return nil, unreadable("VM TEMPLATE", err, ". Reason: ")
	}
	t := &translation{tx: tx, server: s, call: c, out: words.Clone()}
	if err := t.run(); err != nil {
		return nil, err
	}
	id, err := vm.Make(tx, s.VMs, c.Caller, vm.New{Template: t.out, Legacy: withName(words)})
	if err != nil {
		return nil, failed("CREATE", "VM", unnamed, 0, because(err))
	}
	return id, nil
}

// withName keeps the words of an empty template, which makes a VM, too, from being nil.
func withName(words attr.Template) attr.Template {
	t := words.Clone()
	if !t.Has("NAME") {
		t.Set("NAME", "")
	}
	return t
}

// translation turns a template of 2.2 into one of today.
type translation struct {
	tx     *store.Tx
	server *Server
	call   *call
	out    attr.Template

	blocks int // data images so far: they are attached as e, f, g …
	images map[one.ImageType]int
}

// run translates the template, or refuses the VM in 2.2's words.
func (t *translation) run() error {
	t.images = map[one.ImageType]int{}
	for _, step := range []func() error{t.rights, t.size, t.nics, t.disks, t.context, t.rest} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// cannot is 2.2's refusal to make a VM.
func cannot(why string) error { return failed("CREATE", "VM", unnamed, 0, " "+why) }

// rights refuses images and networks that the caller may not use, and attributes that are
// for administrators only.
func (t *translation) rights() error {
	for _, d := range t.out.Vectors("DISK") {
		if img := t.image(d); img != nil && !t.call.uses(&img.Meta) {
			return denied(t.call.Caller.UID, "CREATE", "VM", pool)
		}
	}
	for _, nic := range t.out.Vectors("NIC") {
		if n := t.network(nic); n != nil && !t.call.uses(&n.Meta) {
			return denied(t.call.Caller.UID, "CREATE", "VM", pool)
		}
	}
	return t.restricted()
}

// restricted refuses attributes that today's settings leave to administrators. Files for the
// context are files of the server; everybody may name those in certain folders.
func (t *translation) restricted() error {
	if t.call.Caller.IsAdmin() {
		return nil
	}
	asked := t.out.Clone()
	for _, ctx := range asked.Vectors("CONTEXT") {
		if t.server.mayRead(ctx.Get("FILES")) {
			ctx.Del("FILES")
		}
	}
	if err := vm.CheckRestricted(t.server.VMs, t.call.Caller, "Template", asked); err != nil {
		return failed("CREATE", "VM", unnamed, 0, because(err))
	}
	return nil
}

// mayRead reports whether everybody may give these files of the server to a guest.
func (s *Server) mayRead(files string) bool {
	for path := range strings.FieldsSeq(files) {
		inside := func(dir string) bool {
			rel, err := filepath.Rel(dir, path)
			return err == nil && filepath.IsLocal(rel)
		}
		if !filepath.IsAbs(path) || !slices.ContainsFunc(s.ContextFiles, inside) {
			return false
		}
	}
	return true
}

// size adds CPU and memory, which 2.2 could do without. A VM without CPU counts with its
// VCPUs, so that a host is not promised to everybody.
func (t *translation) size() error {
	if t.out.Get("CPU") == "" {
		t.out.Set("CPU", cmp.Or(t.out.Get("VCPU"), "1"))
	}
	if t.out.Get("MEMORY") == "" {
		t.out.Set("MEMORY", defaultMemory)
	}
	return nil
}

// defaultMemory is the memory of a VM without MEMORY, in MiB.
const defaultMemory = "64"

// nics finds the networks, by name alone if need be, no matter who owns them.
func (t *translation) nics() error {
	for _, nic := range t.out.Vectors("NIC") {
		if !network.Named(nic) {
			continue
		}
		n := t.network(nic)
		if n == nil || !t.isFree(n, nic) {
			return cannot("Could not get network lease for VM.")
		}
		*nic = onlyKeys(nic, "IP", "MODEL")
		nic.Set("NETWORK_ID", decimal(int64(n.ID)))
	}
	return nil
}

// network returns the network that a NIC names, nil when there is none.
func (t *translation) network(nic *attr.Attr) *network.VNet {
	if name := nic.Get("NETWORK"); name != "" {
		n, _ := network.Kind.ByName.First(t.tx, name)
		return n
	}
	id, ok := nic.Int("NETWORK_ID")
	n, there := network.Kind.Table.Get(t.tx, store.ID(id))
	if !ok || !there {
		return nil
	}
	return n
}

// isFree reports whether the address that a NIC asks for, or else any address, is free.
func (t *translation) isFree(n *network.VNet, nic *attr.Attr) bool {
	ip := nic.Get("IP")
	for i := range n.ARs {
		ar := &n.ARs[i]
		if free := ar.Range(); ip == "" && ar.Used < free.Count() || ip != "" && n.IsFree(t.tx, ar.ID, ip) {
			return true
		}
	}
	return false
}

// onlyKeys is a vector with those pairs only.
func onlyKeys(v *attr.Attr, keys ...string) attr.Attr {
	out := attr.NewVector(v.Name)
	for _, key := range keys {
		if value, ok := v.Lookup(key); ok {
			out.Set(key, value)
		}
	}
	return out
}

// image returns the image that a disk names, nil when there is none.
func (t *translation) image(d *attr.Attr) *image.Image {
	if name := d.Get("IMAGE"); name != "" {
		img, _ := image.Kind.ByName.First(t.tx, name)
		return img
	}
	id, ok := d.Int("IMAGE_ID")
	img, there := image.Kind.Table.Get(t.tx, store.ID(id))
	if !ok || !there {
		return nil
	}
	return img
}
