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
	words    attr.Template
}

// ReadImage reads the definition of an image, and only checks what names the transfer of its
// file. Check checks the rest.
func ReadImage(d Definition) (NewImage, error) {
	n := NewImage{Name: d.text("NAME"), Transfer: d.text("TRANSFER")}
	if n.Transfer == "" {
		return n, refuse("Specify TRANSFER in Image file.")
	}
	n.words.Set("NAME", n.Name)
	n.words.Set("DESCRIPTION", d.text("DESCRIPTION"))
	n.words.Set("TYPE", cmp.Or(d.text("TYPE"), "OS"))
	n.words.Set("PUBLIC", attr.YesNo(d.Is("PUBLIC")))
	n.words.Set("PERSISTENT", attr.YesNo(d.Is("PERSISTENT")))
	bus := cmp.Or(d.text("IO_BUS"), "virtio")
	n.words.Set("BUS", bus)
	n.words.Set("DEV_PREFIX", prefixOf(bus))
	n.words.Set("NIC_MODEL", cmp.Or(d.text("NIC_MODEL"), "virtio"))
	n.words.Set("PATH", d.text("PATH"))
	return n, nil
}

// prefixOf is the prefix of the names of disks on a bus.
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
	if n.words.Get("PUBLIC") == "YES" && n.words.Get("PERSISTENT") == "YES" {
		return refuse("An image can't be public and persistent at the same time.")
	}
	return nil
}

// Allocate registers and answers the image, whose file belongs at its Source.
func (n NewImage) Allocate(tx *store.Tx, c *one.Caller, core Core) (*image.Image, error) {
	if err := n.Check(tx); err != nil {
		return nil, err
	}
	id, err := core.Within(tx, c, "image.allocate", n.words.Text())
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
