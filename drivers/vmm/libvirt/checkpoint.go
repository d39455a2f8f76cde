package libvirt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	lv "libvirt.org/go/libvirt"
	"libvirt.org/go/libvirtxml"

	"github.com/renkei-vpe/renkei/drivers"
)

// checkpointPrefix begins the names of checkpoints for backups.
const checkpointPrefix = "backup-"

// turnCheckpoints makes libvirt know the checkpoint that a backup begins from, and deletes
// those that are not needed any more. A checkpoint is a dirty bitmap with its name in each
// image. libvirt's metadata of it is lost with the domain, and it never had any of checkpoints
// that were created while the VM was off.
func (h *hypervisor) turnCheckpoints(ctx context.Context, dom *lv.Domain, live *libvirtxml.Domain, disks []savedDisk, at drivers.Checkpoints) error {
	if at == (drivers.Checkpoints{}) {
		return nil
	}
	for _, d := range disks {
		if d.format != "qcow2" {
			return fmt.Errorf("disk %s is %s, and only qcow2 disks remember what was written to them", d.target, d.format)
		}
	}
	there, err := forgetKnown(dom, at.Since)
	if err != nil {
		return err
	}
	h.forgetStray(ctx, dom, live, disks, at)
	if at.Since == "" || there {
		return nil
	}
	return redefine(dom, live, disks, at.Since)
}

// forgetKnown deletes the checkpoints that libvirt knows except one, and tells whether it knows
// that.
func forgetKnown(dom *lv.Domain, but string) (there bool, err error) {
	known, err := dom.ListAllCheckpoints(0)
	for i := range known {
		c := &known[i]
		name, bad := c.GetName()
		switch {
		case bad != nil:
			err = errors.Join(err, bad)
		case name == but:
			there = true
		case strings.HasPrefix(name, checkpointPrefix):
			err = errors.Join(err, c.Delete(0))
		}
		err = errors.Join(err, c.Free())
	}
	return there, err
}

// forgetStray deletes dirty bitmaps that were in the images before the VM booted. They only use
// some memory, so failures are ignored.
func (h *hypervisor) forgetStray(ctx context.Context, dom *lv.Domain, live *libvirtxml.Domain, disks []savedDisk, at drivers.Checkpoints) {
	for _, d := range disks {
		out, err := h.run(ctx, "qemu-img", "info", "-U", "--output=json", d.path)
		for _, name := range bitmapsIn(out) {
			if err != nil || name == at.Since || !strings.HasPrefix(name, checkpointPrefix) {
				continue
			}
			if err = redefine(dom, live, []savedDisk{d}, name); err == nil {
				_, err = forgetKnown(dom, at.Since)
			}
		}
		if err != nil {
			h.driver.settings.Log.Warn().Str("disk", d.path).Str("host", h.host.Name).Err(err).Msg("an old checkpoint stays in the disk")
		}
	}
}

// bitmapsIn reads the names of dirty bitmaps from the output of qemu-img info.
func bitmapsIn(info []byte) (names []string) {
	var image struct {
		Specific struct {
			Data struct {
				Bitmaps []struct{ Name string }
			}
		} `json:"format-specific"`
	}
	if json.Unmarshal(info, &image) != nil {
		return nil
	}
	for _, b := range image.Specific.Data.Bitmaps {
		names = append(names, b.Name)
	}
	return names
}

// forgotten is the error that there can be no increment.
func forgotten(err error) error {
	return fmt.Errorf("its disks do not remember what was written since the last backup: begin a new chain (reset): %v", plain(err)) //nolint:errorlint // guarded would answer only what is wrapped
}

// redefine adds libvirt's metadata of a checkpoint that exists in the images.
func redefine(dom *lv.Domain, live *libvirtxml.Domain, disks []savedDisk, name string) error {
	text, err := checkpointXML(live, disks, name, true)
	if err != nil {
		return err
	}
	c, err := dom.CreateCheckpointXML(text, lv.DOMAIN_CHECKPOINT_CREATE_REDEFINE|lv.DOMAIN_CHECKPOINT_CREATE_REDEFINE_VALIDATE)
	if err != nil {
		return forgotten(err)
	}
	return c.Free()
}

// checkpointXML describes a checkpoint of disks; to redefine one that exists, libvirt needs the
// domain, too.
func checkpointXML(live *libvirtxml.Domain, disks []savedDisk, name string, there bool) (string, error) {
	c := libvirtxml.DomainCheckpoint{Name: name, Disks: &libvirtxml.DomainCheckpointDisks{}}
	if there {
		c.CreationTime = strconv.Itoa(1)
		c.Domain = live
	}
	for _, target := range targets(live) {
		disk := libvirtxml.DomainCheckpointDisk{Name: target, Checkpoint: "no"}
		if saved(disks, target) != nil {
			disk.Checkpoint, disk.Bitmap = "bitmap", name
		}
		c.Disks.Disks = append(c.Disks.Disks, disk)
	}
	return c.Marshal()
}
