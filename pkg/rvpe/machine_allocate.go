package rvpe

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Wish is a VM that a member asks for.
type Wish struct {
	Type     string // name or ID
	ImageID  int
	Zone     string   // name or ID
	Networks string   // network[#lease][;network[#lease]…]; the first provides the default route
	Files    []string // paths of files for the guest's context: RENKEI-VPE's scripts, and the owner's SSH key
	Key      string   // the base name of that key
}

// Core calls OpenNebula 2.2's methods that make VMs and images, within our transaction. Its
// errors have 2.2's texts.
type Core interface {
	Within(tx *store.Tx, c *one.Caller, method string, args ...any) (any, error)
}

// order is a wish with the objects that it names.
type order struct {
	wish     Wish
	member   *Member
	name     string // of the member
	vmType   *Type
	zone     *Zone
	zoneName string
	image    *image.Image
	nets     []*Network
	leases   []*Lease
}

// AllocateMachine makes a VM for a member, named after its first lease. Leases are allocated
// and quotas charged by OpenNebula's VM, in this transaction.
func AllocateMachine(tx *store.Tx, c *one.Caller, m *Member, w Wish, core Core) (int, error) {
	o, err := fill(tx, c, m, w)
	if err != nil {
		return -1, err
	}
	id, err := core.Within(tx, c, "vm.allocate", o.template(tx).Text())
	if err != nil {
		return -1, err
	}
	k := &Machine{
		ID: tx.Next(machines.Name(), firstID), VMID: id.(int), Name: o.leases[0].Name, Weight: o.vmType.Weight,
		MemberID: m.ID, ZoneID: o.zone.ID, TypeID: o.vmType.ID, ImageID: o.image.ID,
		Member: o.name, Zone: o.zoneName, Type: o.vmType.Name, Image: o.image.Name,
	}
	for _, l := range o.leases {
		k.Leases = append(k.Leases, LeaseName{ID: l.ID, Name: l.Name, IP: l.IP})
	}
	machines.Put(tx, store.ID(k.ID), k)
	return k.ID, nil
}

// CheckWish checks a wish before anything is changed.
func CheckWish(r store.Reader, c *one.Caller, m *Member, w Wish) error {
	_, err := fill(r, c, m, w)
	return err
}

// fill looks up what a wish names, in RENKEI-VPE's order, as the first error is the one that is
// answered.
func fill(r store.Reader, c *one.Caller, m *Member, w Wish) (*order, error) {
	o := &order{wish: w, member: m, name: m.Name(r)}
	for _, step := range []func(store.Reader) error{o.findType, o.findZone, o.checkQuota, o.findImage, o.findLeases} {
		if err := step(r); err != nil {
			return nil, err
		}
	}
	return o, nil
}

func (o *order) findType(r store.Reader) error {
	if o.vmType = typeBy(r, o.wish.Type); o.vmType == nil {
		return refuse("VMType[%s] is not found.", o.wish.Type)
	}
	return nil
}

func (o *order) findZone(r store.Reader) error {
	z, ok := zoneBy(r, o.wish.Zone)
	if !ok {
		return refuse("Zone[%s] is not found.", o.wish.Zone)
	}
	o.zone, o.zoneName = z, z.Name(r)
	return nil
}

func (o *order) checkQuota(r store.Reader) error {
	at := o.member.grant(o.zone.ID)
	switch {
	case at < 0:
		return refuse("User[%s] don't have permission to run VMs in Zone[%s].", o.name, o.wish.Zone)
	case o.member.Use(r, o.zone.ID)+o.vmType.Weight > o.member.Grants[at].Limit:
		return refuse("User[%s] can't run any more VMs in Zone[%s] as quota reached.", o.name, o.wish.Zone)
	}
	return nil
}

func (o *order) findImage(r store.Reader) error {
	img, ok := image.Kind.Table.Get(r, store.ID(o.wish.ImageID))
	if !ok || img.State == one.ImageDelete {
		return refuse("[ImageInfo] Error getting IMAGE [%d].", o.wish.ImageID)
	}
	o.image = img
	tmpl := imageTemplate(img)
	switch {
	case tmpl.Get("BUS") == "":
		return refuse("BUS and/or DEV_PREFIX attributes are not set to the image.")
	case tmpl.Get("NIC_MODEL") == "":
		return refuse("NIC_MODEL attributes is not set to the image.")
	case img.Persistent && img.RunningVMs > 0:
		return refuse("A persistent image can't be used by two or more VMs.")
	}
	return nil
}

// imageTemplate are the attributes that an image was registered with.
func imageTemplate(img *image.Image) attr.Template {
	if img.Legacy != nil {
		return img.Legacy
	}
	return img.Template
}

// findLeases looks up the networks and picks a lease in each.
func (o *order) findLeases(r store.Reader) error {
	for part := range strings.SplitSeq(o.wish.Networks, ";") {
		name, lease, chosen := strings.Cut(part, between)
		n, ok := o.zone.network(r, name)
		if !ok {
			return refuse("VirtualNetwork[%s%s%s] is not found.", o.zoneName, between, name)
		}
		l, err := o.free(r, n)
		if chosen {
			l, err = o.chosen(r, n, lease)
		}
		if err != nil {
			return err
		}
		o.nets, o.leases = append(o.nets, n), append(o.leases, l)
	}
	return nil
}

// chosen is the lease that a member asks for; it has to be reserved for him.
func (o *order) chosen(r store.Reader, n *Network, text string) (*Lease, error) {
	l := leaseBy(r, text)
	switch {
	case l == nil:
		return nil, refuse("Lease[%s] is not found.", text)
	case l.Used(r) || slices.Contains(o.leases, l):
		return nil, refuse("Lease[%s] is already used.", l.Name)
	case l.For != o.member.ID:
		return nil, refuse("User[%s] don't have a permission to use Lease[%s].", o.name, l.Name)
	case l.NetworkID != n.ID:
		return nil, refuse("Lease[%s] can't be used in VirtualNetwork[%s].", l.Name, n.UniqueName(r))
	}
	return l, nil
}

// free is an unused lease of a network: the first that is not reserved, or else the first that
// is reserved for the member.
func (o *order) free(r store.Reader, n *Network) (*Lease, error) {
	list := n.Leases(r)
	for _, whose := range []int{Anybody, o.member.ID} {
		for _, l := range list {
			if l.For == whose && !l.Used(r) && !slices.Contains(o.leases, l) {
				return l, nil
			}
		}
	}
	return nil, refuse("No available virtual host lease in VirtualNetwork[%s].", n.UniqueName(r))
}

// template is the VM's template in OpenNebula 2.2's syntax.
func (o *order) template(tx *store.Tx) (t attr.Template) {
	tmpl := imageTemplate(o.image)
	t.Set("NAME", o.leases[0].Name)
	t.Set("VCPU", strconv.Itoa(o.vmType.CPU))
	t.Set("MEMORY", strconv.Itoa(o.vmType.MemoryMiB))
	t.Add(vector("DISK", "IMAGE_ID", decimal(o.image.ID), "BUS", tmpl.Get("BUS"), "TARGET", cmp.Or(tmpl.Get("DEV_PREFIX"), "vd")+"a", "DRIVER", "qcow2"))
	t.Add(vector("DISK", "TYPE", "swap", "SIZE", decimal(o.vmType.MemoryMiB*3/2), "TARGET", "vdb"))
	for i, n := range o.nets {
		t.Add(vector("NIC", "NETWORK_ID", decimal(n.VNetID), "IP", o.leases[i].IP, "MODEL", tmpl.Get("NIC_MODEL")))
	}
	t.Add(o.context(tx))
	t.Set("REQUIREMENTS", `CLUSTER = "`+o.zoneName+`" & FREECPU > `+decimal(o.vmType.CPU*100)+" & FREEMEMORY > "+decimal(o.vmType.MemoryMiB))
	t.Set("RANK", "FREECPU")
	t.Add(vector("GRAPHICS", "TYPE", "vnc", "LISTEN", "0.0.0.0", "PORT", "-1", "KEYMAP", "ja"))
	return t
}

// context is the guest's context, with the variables that RENKEI-VPE's scripts read.
func (o *order) context(tx *store.Tx) attr.Attr {
	first := o.nets[0].Facts(tx)
	c := vector("CONTEXT",
		"HOSTNAME", "$NAME", "PRIMARY_IPADDR", o.leases[0].IP, "NAMESERVERS", first.DNS, "NTPSERVERS", first.NTP,
		"ETH0_GATEWAY", first.Gateway)
	for i, n := range o.nets {
		facts, eth := n.Facts(tx), "ETH"+strconv.Itoa(i)
		c.Set(eth+"_HWADDR", o.leases[i].MAC(tx))
		c.Set(eth+"_IPADDR", o.leases[i].IP)
		c.Set(eth+"_NETWORK", facts.Address)
		c.Set(eth+"_NETMASK", facts.Netmask)
	}
	persistent := "0"
	if o.image.Persistent {
		persistent = "1"
	}
	for _, pair := range [][2]string{
		{"ROOT_PUBKEY", o.wish.Key}, {"FILES", strings.Join(o.wish.Files, " ")}, {"TARGET", "hdc"},
		{"PERSISTENT", persistent}, {"CREATE_DATE", strconv.FormatInt(tx.Now.Unix(), 10)},
	} {
		c.Set(pair[0], pair[1])
	}
	return c
}

func vector(name string, pairs ...string) attr.Attr {
	a := attr.NewVector(name)
	for i := 0; i+1 < len(pairs); i += 2 {
		a.Set(pairs[i], pairs[i+1])
	}
	return a
}
