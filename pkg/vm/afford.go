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

// oned checks quotas against the template alone, before it looks for images and leases or checks
// the VM's state, so that an exceeded quota is reported before other errors. So does this file.

// affordable checks quotas for the changes in v without charging them.
func affordable(r store.Reader, v *VM) error {
	was, _ := Kind.Table.Get(r, store.ID(v.ID))
	more, _ := differences(Usage(r, was), Usage(r, v))
	return quota.Check(r, v.UID, v.GID, more)
}

// affordableWith checks quotas for a VM with an additional disk or NIC.
func affordableWith(r store.Reader, s Settings, v *VM, device attr.Attr) error {
	with, added := v.Clone(), device.Clone()
	countable(r, s, v.UID, &added)
	with.Template.Add(added)
	return cmp.Or(badID(v.UID, "NETWORK_ID", &added), affordable(r, with), badID(v.UID, "IMAGE_ID", &added))
}

// affordableNew checks quotas for a new VM with this template.
func affordableNew(r store.Reader, s Settings, owner object.Meta, t attr.Template) error {
	v := &VM{Meta: owner, State: one.VMPending}
	v.Template = t.Clone()
	nics, disks := v.nics(), v.Template.Vectors("DISK")
	for _, d := range slices.Concat(nics, disks) {
		countable(r, s, v.UID, d)
	}
	return cmp.Or(badID(v.UID, "NETWORK_ID", nics...), affordable(r, v), badID(v.UID, "IMAGE_ID", disks...))
}

// badID refuses IDs that are not numbers, as quotas cannot count these. oneadmin has no quotas and
// gets another error later.
func badID(uid int, name string, devices ...*attr.Attr) error {
	for _, d := range devices {
		id := d.Get(name)
		if _, err := strconv.Atoi(id); id != "" && err != nil && uid != one.OneadminID {
			return one.Errorf(one.CodeAuthorization, "user [%d] String '%s' is not a valid ID.", uid, id)
		}
	}
	return nil
}

// countable resolves image and network of a device, as far as possible, so that Usage counts them.
func countable(r store.Reader, s Settings, uid int, d *attr.Attr) {
	if d.Name != "DISK" {
		network.Pin(r, uid, d)
		d.Set("AR_ID", "0") // any value; makes Usage count a lease
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
