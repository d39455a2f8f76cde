package one22

import (
	"cmp"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// disks finds the images, and attaches each disk where 2.2 does.
func (t *translation) disks() error {
	for _, d := range t.out.Vectors("DISK") {
		if d.Get("IMAGE") == "" && d.Get("IMAGE_ID") == "" {
			volatile(d)
			continue
		}
		img := t.image(d)
		if img == nil || !isKnownImage(img) || !isUsable(img) {
			return cannot("Could not get disk image for VM.")
		}
		if err := t.count(img.Type); err != nil {
			return err
		}
		given := onlyKeys(d, "BUS", "TARGET", "DRIVER")
		words := img.Legacy
		if words == nil {
			words = img.Template
		}
		*d = attr.NewVector("DISK", attr.Pair{Key: "IMAGE_ID", Value: decimal(int64(img.ID))})
		d.Set("TARGET", cmp.Or(given.Get("TARGET"), words.Get("TARGET"), t.target(img, words)))
		if img.Type == one.ImageTypeDatablock {
			t.blocks++
		}
	}
	return nil
}

// isUsable reports whether one more VM may use an image now.
func isUsable(img *image.Image) bool {
	is := imageState(img.State)
	return is == imageReady || is == imageUsed && !img.Persistent
}

// volatile gives a swap disk its target.
func volatile(d *attr.Attr) {
	if strings.EqualFold(d.Get("TYPE"), "swap") && d.Get("TARGET") == "" {
		d.Set("TARGET", devicePrefix+"d")
	}
}

// count limits the number of images of a type as 2.2 does.
func (t *translation) count(kind one.ImageType) error {
	t.images[kind]++
	switch n := t.images[kind]; {
	case kind == one.ImageTypeOS && n > 1:
		return cannot("VM can not use more than one OS image.")
	case kind == one.ImageTypeCDROM && n > 1:
		return cannot("VM can not use more than one CDROM image.")
	case kind == one.ImageTypeDatablock && n > 10:
		return cannot("VM can not use more than 10 DATABLOCK images.")
	}
	return nil
}

// target is where an image is attached: a for an OS, b is the context, c for a CD, d is
// swap, and e and so on for data.
func (t *translation) target(img *image.Image, words attr.Template) string {
	prefix := cmp.Or(words.Get("DEV_PREFIX"), devicePrefix)
	switch img.Type {
	case one.ImageTypeCDROM:
		return prefix + "c"
	case one.ImageTypeDatablock:
		return prefix + string(rune('e'+t.blocks))
	}
	return prefix + "a"
}
