package fsck

import (
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/hook"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vdc"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// there tells whether an object exists; negative IDs stand for no object.
func there[T any](r store.Reader, k *object.Kind[T], id int) bool {
	if id < 0 {
		return true
	}
	_, ok := k.Table.Get(r, store.ID(id))
	return ok
}

// need reports a reference to an object that does not exist.
func need[T any](c *check, who string, id int, k *object.Kind[T], to int) {
	if !there(c.r, k, to) {
		c.found.Add("%s %d names %s %d, which is not there", who, id, k.Kind, to)
	}
}

// references checks the references between objects.
func (c *check) references() {
	for row := range host.Kind.Table.All(c.r) {
		need(c, "host", row.Val.ID, cluster.Kind, row.Val.ClusterID)
	}
	for row := range datastore.Kind.Table.All(c.r) {
		for _, id := range row.Val.Clusters {
			need(c, "datastore", row.Val.ID, cluster.Kind, id)
		}
	}
	for row := range image.Kind.Table.All(c.r) {
		need(c, "image", row.Val.ID, datastore.Kind, row.Val.DatastoreID)
	}
	for row := range network.Kind.Table.All(c.r) {
		need(c, "network", row.Val.ID, network.Kind, row.Val.ParentID)
		for _, id := range row.Val.Clusters {
			need(c, "network", row.Val.ID, cluster.Kind, id)
		}
	}
	c.people()
	c.machines()
}

// people checks the groups of users and of VDCs.
func (c *check) people() {
	for row := range user.Kind.Table.All(c.r) {
		for _, id := range append([]int{row.Val.GID}, row.Val.Groups...) {
			need(c, "user", row.Val.ID, group.Kind, id)
		}
	}
	for row := range vdc.Kind.Table.All(c.r) {
		for _, id := range row.Val.Groups {
			need(c, "VDC", row.Val.ID, group.Kind, id)
		}
	}
}

// machines checks the images, networks, hosts and datastores of VMs that are not DONE.
func (c *check) machines() {
	for row := range vm.Kind.Table.All(c.r) {
		v := row.Val
		if v.State == one.VMDone {
			continue
		}
		for _, d := range v.Template.Vectors("DISK") {
			if id, ok := d.Int("IMAGE_ID"); ok {
				need(c, "VM", v.ID, image.Kind, id)
			}
		}
		for _, n := range v.Template.Vectors("NIC") {
			if id, ok := n.Int("NETWORK_ID"); ok {
				need(c, "VM", v.ID, network.Kind, id)
			}
		}
		if h := v.Last(); h != nil && h.ETime == 0 {
			need(c, "VM", v.ID, host.Kind, h.HostID)
			need(c, "VM", v.ID, datastore.Kind, h.DSID)
		}
	}
}

// orphans checks rows that belong to objects which do not exist any more.
func (c *check) orphans() {
	for row := range hook.Log.All(c.r) {
		if key := row.Key; !there(c.r, hook.Kind, row.Val.Hook) {
			c.found.AddMendable(func(tx *store.Tx) { hook.Log.Delete(tx, key) }, "a run of hook %d is kept, and the hook is gone", row.Val.Hook)
		}
	}
	for row := range effect.Table.All(c.r) {
		e := row.Val
		gone := e.Kind == one.KindVM && !there(c.r, vm.Kind, e.Object) || e.Kind == one.KindImage && !there(c.r, image.Kind, e.Object) ||
			e.Kind == one.KindHook && !there(c.r, hook.Kind, e.Object)
		if gone {
			c.found.AddMendable(func(tx *store.Tx) { effect.Done(tx, e.ID) }, "effect %d (%s) is for %s %d, which is gone", e.ID, e.Op, e.Kind, e.Object)
		}
	}
	for row := range network.Leases.All(c.r) {
		if key := row.Key; !there(c.r, network.Kind, row.Val.VNet) {
			c.found.AddMendable(func(tx *store.Tx) { network.Leases.Delete(tx, key) }, "a lease is of network %d, which is gone", row.Val.VNet)
		}
	}
	for row := range network.Lags.All(c.r) {
		if l := row.Val; !there(c.r, network.Kind, l.VNet) || !there(c.r, vm.Kind, l.VM) {
			c.found.AddMendable(func(tx *store.Tx) { network.Forget(tx, l.VNet, l.VM) }, "VM %d is to follow network %d, and one of them is gone", l.VM, l.VNet)
		}
	}
	c.quotas("user", quota.Users, func(id int) bool { return there(c.r, user.Kind, id) })
	c.quotas("group", quota.Groups, func(id int) bool { return there(c.r, group.Kind, id) })
}

// quotas checks for quotas of users or groups that do not exist and that neither limit nor
// count anything. If such a user has VMs left, they still count, and the row stays.
func (c *check) quotas(word string, table *store.Table[quota.Quotas], is func(id int) bool) {
	for row := range table.All(c.r) {
		if key := row.Key; !is(int(key.A)) && row.Val.Unused() {
			c.found.AddMendable(func(tx *store.Tx) { table.Delete(tx, key) }, "there are quotas of %s %d, who is gone", word, key.A)
		}
	}
}
