package template

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// ChmodWithImages changes the permissions of a template and of the images of its disks. It
// changes nothing if the caller lacks the right on one of them.
func ChmodWithImages(tx *store.Tx, c *one.Caller, id int, bits [9]int) error {
	if err := Kind.Chmod(tx, c, id, bits); err != nil {
		return err
	}
	t, err := Kind.Get(tx, id)
	if err != nil {
		return err
	}
	var refused []string
	for _, img := range imagesOf(tx, c, t.Template) {
		err := acl.Check(tx, c, imageAsk(img, img.Perms.RightToSet(bits)))
		if err == nil {
			err = image.Kind.Chmod(tx, c, img.ID, bits)
		}
		if err != nil {
			refused = append(refused, strconv.Itoa(img.ID))
		}
	}
	if refused != nil {
		return one.Errorf(one.CodeAction, "Cannot chmod image: %s", strings.Join(refused, ","))
	}
	return nil
}
