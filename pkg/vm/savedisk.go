package vm

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// SaveDisk has a disk saved to an existing, disabled image when the VM ends. OpenNebula 2.2 and
// RENKEI-VPE save disks this way.
func SaveDisk(tx *store.Tx, id, disk, imageID int) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	d := v.Disk(disk)
	if d == nil {
		return one.Errorf(one.CodeNoExists, "Error getting DISK from VM [%d].", id).At(id)
	}
	d.Set("SAVE", "YES")
	d.Set("SAVE_AS", strconv.Itoa(imageID))
	Kind.Put(tx, v)
	return nil
}

// SavesAs returns the image to which a disk is saved when its VM ends.
func SavesAs(d *attr.Attr) (imageID int, ok bool) {
	imageID, ok = d.Int("SAVE_AS")
	persistent, _ := d.Bool("PERSISTENT")
	return imageID, ok && !persistent
}

// OutSaved is the prefix of results that report such images.
const OutSaved = "saved "

// Saved is the result for a disk that was saved to an image.
func Saved(imageID int, stored drivers.Stored) (key, value string) {
	return OutSaved + strconv.Itoa(imageID), stored.Format + " " + strconv.FormatInt(stored.SizeMiB, 10)
}

// settleSaved enables the images to which disks were saved.
func settleSaved(tx *store.Tx, s Settings, out map[string]string) error {
	for key, value := range out {
		text, ours := strings.CutPrefix(key, OutSaved)
		id, err := strconv.Atoi(text)
		img, there := image.Kind.Table.Get(tx, store.ID(id))
		if !ours || err != nil || !there || img.State != one.ImageDisabled {
			continue
		}
		format, size, _ := strings.Cut(value, " ")
		mib, _ := strconv.ParseInt(size, 10, 64)
		if err := image.Found(tx, id, drivers.Stored{Format: format, SizeMiB: mib}); err != nil {
			return err
		}
		if err := image.Enable(tx, id, true); err != nil {
			return err
		}
		if err := ImageDone(tx, s, id); err != nil {
			return err
		}
	}
	return nil
}
