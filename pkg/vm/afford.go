package vm

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// oned asks quotas about what a template says, before it looks at what that names: who
// has used up his quota hears of it, and not of a lease that is taken or of the VM's state.

// affordable tells whether quotas leave room for what v has more than the VM as
// it stands: for rules that have more to refuse after that.
func affordable(r store.Reader, v *VM) error {
	was, _ := Kind.Table.Get(r, store.ID(v.ID))
	more, _ := differences(Usage(r, was), Usage(r, v))
	return quota.Check(r, v.UID, v.GID, more)
}

// affordableWith is affordable for a VM that is to get a disk or a NIC more.
func affordableWith(r store.Reader, s Settings, v *VM, device attr.Attr) error {
	with, added := v.Clone(), device.Clone()
	countable(r, s, v.UID, &added)
	with.Template.Add(added)
	return cmp.Or(badID(v.UID, "NETWORK_ID", &added), affordable(r, with), badID(v.UID, "IMAGE_ID", &added))
}

// affordableNew is affordable for a VM that is to be made of a template.
func affordableNew(r store.Reader, s Settings, owner object.Meta, t attr.Template) error {
	v := &VM{Meta: owner, State: one.VMPending}
	v.Template = t.Clone()
	nics, disks := v.nics(), v.Template.Vectors("DISK")
	for _, d := range slices.Concat(nics, disks) {
		countable(r, s, v.UID, d)
	}
	return cmp.Or(badID(v.UID, "NETWORK_ID", nics...), affordable(r, v), badID(v.UID, "IMAGE_ID", disks...))
}

// badID refuses IDs that are no numbers, which quotas could not count; those of whom they
// do not count are told something else, later.
func badID(uid int, name string, devices ...*attr.Attr) error {
	for _, d := range devices {
		id := d.Get(name)
		if _, err := strconv.Atoi(id); id != "" && err != nil && uid != one.OneadminID {
			return one.Errorf(one.CodeAuthorization, "user [%d] String '%s' is not a valid ID.", uid, id)
		}
	}
	return nil
}

// countable lets quotas see what a device will be, as far as that can be known.
func countable(r store.Reader, s Settings, uid int, d *attr.Attr) {
	if d.Name != "DISK" {
		network.Pin(r, uid, d)
		d.Set("AR_ID", "0") // any lease counts alike
		return
	}
	id, _, _ := image.Resolve(r, uid, d)
	img, there := image.Kind.Table.Get(r, store.ID(id))
	if !there {
		return
	}
	if ds, err := datastore.Kind.Get(r, img.DatastoreID); err == nil {
		image.FillDisk(s.Disks, img, ds, d)
	}
}
