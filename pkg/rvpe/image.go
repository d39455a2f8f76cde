package rvpe

import (
	"cmp"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// NewImage is an image that a definition describes.
type NewImage struct {
	Transfer string // the session in which its file came
	Name     string
	tmpl     attr.Template
}

// ReadImage parses the definition of an image; of the values it only checks the name of the
// transfer. Check checks the rest.
func ReadImage(d Definition) (NewImage, error) {
	n := NewImage{Name: d.text("NAME"), Transfer: d.text("TRANSFER")}
	if n.Transfer == "" {
		return n, refuse("Specify TRANSFER in Image file.")
	}
	n.tmpl.Set("NAME", n.Name)
	n.tmpl.Set("DESCRIPTION", d.text("DESCRIPTION"))
	n.tmpl.Set("TYPE", cmp.Or(d.text("TYPE"), "OS"))
	n.tmpl.Set("PUBLIC", attr.YesNo(d.Is("PUBLIC")))
	n.tmpl.Set("PERSISTENT", attr.YesNo(d.Is("PERSISTENT")))
	bus := cmp.Or(d.text("IO_BUS"), "virtio")
	n.tmpl.Set("BUS", bus)
	n.tmpl.Set("DEV_PREFIX", prefixOf(bus))
	n.tmpl.Set("NIC_MODEL", cmp.Or(d.text("NIC_MODEL"), "virtio"))
	n.tmpl.Set("PATH", d.text("PATH"))
	return n, nil
}

// prefixOf is the DEV_PREFIX of disks on a bus.
func prefixOf(bus string) string {
	switch strings.ToLower(bus) {
	case "virtio":
		return "vd"
	case "ide":
		return "hd"
	}
	return "sd"
}

// Check checks an image before its file is looked at. Names are unique among all users.
func (n NewImage) Check(r store.Reader) error {
	if n.Name == "" {
		return refuse("Specify NAME in Image file.")
	}
	if _, taken := image.Kind.ByName.First(r, n.Name); taken {
		return refuse("Image[%s] already exists.  Use another name.", n.Name)
	}
	if n.tmpl.Get("PUBLIC") == "YES" && n.tmpl.Get("PERSISTENT") == "YES" {
		return refuse("An image can't be public and persistent at the same time.")
	}
	return nil
}

// Allocate registers and answers the image, whose file belongs at its Source.
func (n NewImage) Allocate(tx *store.Tx, c *one.Caller, core Core) (*image.Image, error) {
	if err := n.Check(tx); err != nil {
		return nil, err
	}
	id, err := core.Within(tx, c, "image.allocate", n.tmpl.Text())
	if err != nil {
		return nil, err
	}
	return image.Kind.Get(tx, id.(int))
}

// Which images a pool shows.
const (
	ImagesAll  = -2
	ImagesMine = -1 // own and public ones
)

// Images lists images: all, those that a caller may use, or those of a user.
func Images(r store.Reader, c *one.Caller, which int, known func(*image.Image) bool) (list []*store.Row[image.Image]) {
	for row := range image.Kind.Table.All(r) {
		img := row.Val
		shown := which <= ImagesAll || which == ImagesMine && (img.UID == c.UID || IsPublic(img)) || which == img.UID
		if shown && known(img) {
			list = append(list, row)
		}
	}
	return list
}
