package image

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// size returns the size of a new image: found by the driver, or else from the template
// (ImageManager::stat_image). Negative sizes, with which oned would increase the owner's quota,
// are refused.
func (s Settings) size(t attr.Template, found int64) (int64, error) {
	name := cmp.Or(t.Get("TYPE"), s.DefaultType)
	kind := typeOf(name)
	empty := kind == one.ImageTypeOS || kind == one.ImageTypeDatablock // these can be empty
	why := "Wrong number or missing SIZE attribute."
	switch {
	case kind == one.ImageTypeBackup: // refused later: only a backup of a VM makes one
		return numberIn(t.Get("SIZE"))
	case found >= 0:
		return found, nil
	case kind == one.ImageTypeFilesystem && t.Get("PATH") == "":
		return 0, noSize("Missing PATH attribute.")
	case !empty && t.Get("SOURCE") == "" && t.Get("PATH") == "":
		return 0, noSize("Either PATH or SOURCE are required for " + name)
	}
	n, ok := t.Int("SIZE")
	if !ok || n < 0 {
		return 0, noSize(why)
	}
	return int64(n), nil
}

// numberIn reads the number at the start of a text.
func numberIn(text string) (n int64, err error) {
	if _, err := fmt.Sscan(text, &n); err != nil {
		return 0, noSize(text)
	}
	return n, nil
}

// FromFile reports whether the size of the image is that of the file in PATH. For an image of
// type FILESYSTEM that is so even with a SOURCE; backups never have a PATH.
func FromFile(t attr.Template) bool {
	t = New{Template: t}.attributes()
	switch typeOf(t.Get("TYPE")) {
	case one.ImageTypeBackup:
		return false
	case one.ImageTypeFilesystem:
		return t.Get("PATH") != ""
	}
	return t.Get("PATH") != "" && t.Get("SOURCE") == ""
}

// typeOf reads TYPE as oned does to find the size: unknown types count as OS. They are refused
// later.
func typeOf(name string) one.ImageType {
	t, _ := one.ParseImageType(strings.ToUpper(name))
	return t
}

func noSize(why string) error {
	return one.Errorf(one.CodeInternal, "Cannot parse image SIZE: %s", why)
}
