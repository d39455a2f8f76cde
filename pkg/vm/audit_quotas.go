package vm

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vrouter"
)

// quotas recalculates the quota usage of users and groups: VMs, images, virtual routers and
// network reservations.
func (a *audit) quotas() {
	for _, p := range payers {
		a.usage(p)
	}
}

// payer is one of the two owners that have quotas: users or groups. oneadmin and its group, whose
// ID is exempt, have none.
type payer struct {
	word   string
	table  *store.Table[quota.Quotas]
	exempt int
	of     func(uid, gid int) int
}

var payers = []payer{
	{"user", quota.Users, one.OneadminID, func(uid, _ int) int { return uid }},
	{"group", quota.Groups, one.OneadminGroupID, func(_, gid int) int { return gid }},
}

// ledger is the amount used by ID, class and metric, such as "2 VM CPU".
type ledger map[string]float64

// usage compares the stored usage with the recalculated one.
func (a *audit) usage(p payer) {
	uses := usesOf(a.r, p.of)
	want, have := ledger{}, ledger{}
	for id, list := range uses {
		for _, d := range list {
			want.add(id, d)
		}
	}
	for row := range p.table.All(a.r) {
		have.read(int(row.Key.A), row.Val)
	}
	names := maps.Clone(want)
	maps.Copy(names, have)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !counted(name, p.exempt) || have.hundredths(name) == want.hundredths(name) {
			continue
		}
		text, _, _ := strings.Cut(name, " ")
		id, _ := strconv.Atoi(text) // cannot fail: add and read write an ID
		a.found.AddMendable(func(tx *store.Tx) { quota.Recount(tx, p.table, id, uses[id]) },
			"%s %s: %g are counted; there are %g", p.word, name, have[name], want[name])
	}
}

// usesOf lists what each user or group uses, by ID.
func usesOf(r store.Reader, party func(uid, gid int) int) map[int][]quota.Delta {
	uses := map[int][]quota.Delta{}
	enter := func(uid, gid int, d quota.Delta) { uses[party(uid, gid)] = append(uses[party(uid, gid)], d) }
	for row := range Kind.Table.All(r) {
		enter(row.Val.UID, row.Val.GID, Usage(r, row.Val))
	}
	for row := range image.Kind.Table.All(r) {
		img := row.Val
		enter(img.UID, img.GID, quota.Delta{
			ClusterID: quota.NotPlaced, Datastores: map[int]quota.Store{img.DatastoreID: {Images: 1, SizeMB: imageMiB(img)}},
		})
	}
	for row := range vrouter.Kind.Table.All(r) {
		enter(row.Val.UID, row.Val.GID, vrouter.Usage(row.Val))
	}
	for row := range network.Leases.All(r) {
		if n := reservation(r, row.Val.Holder); n != nil {
			enter(n.UID, n.GID, quota.Delta{ClusterID: quota.NotPlaced, Networks: map[int]int{row.Val.VNet: 1}})
		}
	}
	return uses
}

// reservation returns the network that holds a lease of its parent network, or nil if the holder
// is not a network.
func reservation(r store.Reader, h network.Holder) *network.VNet {
	if h.Kind != one.KindNet {
		return nil
	}
	n, _ := network.Kind.Table.Get(r, store.ID(h.ID))
	return n
}

func counted(name string, exempt int) bool {
	return !strings.HasPrefix(name, strconv.Itoa(exempt)+" ")
}

func (l ledger) hundredths(name string) int64 { return int64(l[name]*100 + 0.5) }

func (l ledger) add(id int, d quota.Delta) {
	enter := func(what string, amount float64) { l[strconv.Itoa(id)+" "+what] += amount }
	enter("VM VMS", float64(d.VMs))
	enter("VM CPU", d.CPU)
	enter("VM MEMORY", float64(d.MemoryMB))
	enter("VM SYSTEM_DISK_SIZE", float64(d.SystemDiskMB))
	enter("VM PCI_DEV", float64(d.PCIDevices))
	enter("VM PCI_NIC", float64(d.PCINICs))
	enter("VM RUNNING_PCI_DEV", float64(d.RunningPCIDevices))
	enter("VM RUNNING_PCI_NIC", float64(d.RunningPCINICs))
	enter("VM RUNNING_VMS", float64(d.RunningVMs))
	enter("VM RUNNING_CPU", d.RunningCPU)
	enter("VM RUNNING_MEMORY", float64(d.RunningMemoryMB))
	for name, n := range d.Further {
		enter("VM "+name, n)
	}
	for key, n := range d.Networks {
		enter("NETWORK "+strconv.Itoa(key)+" LEASES", float64(n))
	}
	for key, n := range d.Images {
		enter("IMAGE "+strconv.Itoa(key)+" RVMS", float64(n))
	}
	for key, s := range d.Datastores {
		enter("DATASTORE "+strconv.Itoa(key)+" SIZE", float64(s.SizeMB))
		enter("DATASTORE "+strconv.Itoa(key)+" IMAGES", float64(s.Images))
	}
}

// read adds the usage in a stored row. It skips quotas per cluster, which exist only where a
// limit is set.
func (l ledger) read(id int, q *quota.Quotas) {
	for class, entries := range q.Entries {
		c := quota.Class(class)
		for _, e := range entries {
			what := c.Name() + " "
			if c != quota.VMs {
				what += e.Key + " "
			} else if e.Key != "" {
				continue
			}
			for i, metric := range q.Metrics(c) {
				l[strconv.Itoa(id)+" "+what+metric] += float64(e.Used[i]) / 100
			}
		}
	}
}
