package vm

import (
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
	if err := countable(r, s, v.UID, &added); err != nil {
		return err
	}
	with.Template.Add(added)
	return affordable(r, with)
}

// affordableNew is affordable for a VM that is to be made of a template.
func affordableNew(r store.Reader, s Settings, owner object.Meta, t attr.Template) error {
	v := &VM{Meta: owner, State: one.VMPending}
	v.Template = t.Clone()
	for _, d := range append(v.nics(), v.Template.Vectors("DISK")...) {
		if err := countable(r, s, v.UID, d); err != nil {
			return err
		}
	}
	return affordable(r, v)
}

// countable lets quotas see what a device will be, as far as that can be known. They
// refuse IDs that are no numbers, but not those of whom they do not count.
func countable(r store.Reader, s Settings, uid int, d *attr.Attr) error {
	for _, name := range []string{"NETWORK_ID", "IMAGE_ID"} {
		id := d.Get(name)
		if _, err := strconv.Atoi(id); id != "" && err != nil && uid != one.OneadminID {
			return one.Errorf(one.CodeAuthorization, "user [%d] String '%s' is not a valid ID.", uid, id)
		}
	}
	if d.Name != "DISK" {
		network.Pin(r, uid, d)
		d.Set("AR_ID", "0") // any lease counts alike
		return nil
	}
	id, _, _ := image.Resolve(r, uid, d)
	img, there := image.Kind.Table.Get(r, store.ID(id))
	if !there {
		return nil
	}
	if ds, err := datastore.Kind.Get(r, img.DatastoreID); err == nil {
		image.FillDisk(s.Disks, img, ds, d)
	}
	return nil
}
