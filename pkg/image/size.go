package image

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// size answers how large an image will be: what the driver found, or else what
// the template says (ImageManager::stat_image). oned takes sizes below 0, which
// would give their owner quota.
func (s Settings) size(t attr.Template, found int64) (int64, error) {
	name := cmp.Or(t.Get("TYPE"), s.DefaultType)
	kind := typeOf(name)
	empty := kind == one.ImageTypeOS || kind == one.ImageTypeDatablock // can be made from nothing
	why := "Wrong number or missing SIZE attribute."
	switch {
	case kind == one.ImageTypeBackup: // is refused later: backups are made by backing up
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

// numberIn reads the number that a text begins with.
func numberIn(text string) (n int64, err error) {
	if _, err := fmt.Sscan(text, &n); err != nil {
		return 0, noSize(text)
	}
	return n, nil
}

// FromFile tells whether the size of a template's image is that of the file that PATH
// names. A folder is looked at whatever SOURCE says; backups never come from a PATH.
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

// typeOf reads TYPE as oned does before an image is made: what it does not
// know is an OS image. Making one of such a type is refused later.
func typeOf(name string) one.ImageType {
	t, _ := one.ParseImageType(strings.ToUpper(name))
	return t
}

func noSize(why string) error {
	return one.Errorf(one.CodeInternal, "Cannot parse image SIZE: %s", why)
}
