package template

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// ChmodWithImages changes the permissions of a template and of the images of
// its disks. When one of these may not be changed nothing is.
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
		err := acl.Check(tx, c, imageAsk(img, chmodRight(img.Perms, bits)))
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

// chmodRight is the right that a change of permissions needs: an admin bit is
// changed by those who have that right.
func chmodRight(have object.Perms, bits [9]int) one.Right {
	for i, class := range []uint{object.Owner, object.Group, object.Other} {
		if want := bits[3*i+2]; want != -1 && want != have.Bit(class, 1) {
			return one.Admin
		}
	}
	return one.Manage
}
