package rvpe

import (
	"context"
	"errors"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc/one22"
)

func imageMethods() []method {
	return []method{
		{name: "rvpe.image.pool", signature: "int", help: "Retrieve information about image group", do: look(imagePool)},
		{name: "rvpe.image.ask_id", signature: "string", help: "Retrieve id of the given-named image", do: look(imageAskID)},
		{name: "rvpe.image.info", signature: "int", help: "Retrieve information about the image", do: look(imageInfo)},
		{name: "rvpe.image.allocate", signature: "string", help: "Allocates a new image", do: imageAllocate},
		{name: "rvpe.image.delete", signature: "int", help: "Deletes an image from the image pool", do: imageDelete},
		{name: "rvpe.image.enable", signature: "int bool", help: "Enables or disables an image", do: imageEnable},
		{name: "rvpe.image.publish", signature: "int bool", help: "Publishes or unpublishes an image", do: change(imagePublish)},
		{name: "rvpe.image.persistent", signature: "int bool", help: "make an image persistent or nonpersistent", do: change(imagePersistent)},
		{name: "rvpe.image.description", signature: "int string", help: "Update description of an image", do: change(imageDescription)},
		{name: "rvpe.image.validate", signature: "string", help: "Validate attributes of an image", do: look(imageValidate)},
	}
}

func imagePool(s *Server, c *call) (any, error) {
	which := c.Int(1)
	if which != flagMine {
		if err := needsAdmin(c); err != nil {
			return nil, err
		}
	}
	if which >= 0 {
		m, ok := rvpe.MemberOf(c.Snap, which)
		if !ok {
			return nil, refuse("User[ID:%d] is not found. ", which)
		}
		which = m.UID
	}
	found := rvpe.Images(c.Snap, c.Caller, which, one22.IsKnownImage)
	return one22.Pool("IMAGE_POOL", func(yield func([]byte) bool) {
		for _, row := range found {
			if !yield(s.inPool(c.Snap, row)) {
				return
			}
		}
	}), nil
}

// inPool is an image as the pool shows it, escaped. It is kept while nobody writes to the
// file, because looking at a thousand files would take longer than everything else.
func (s *Server) inPool(r store.Reader, row *store.Row[image.Image]) []byte {
	show := func(*image.Image) []byte { return s.appendImage(nil, r, row, true) }
	if img := row.Val; img.Persistent || img.State != one.ImageReady && img.State != one.ImageUsed {
		return show(img)
	}
	return row.Dependent(slotWithSize, nil, show)
}

// appendImage appends OpenNebula's image with the size of its file, escaped.
func (s *Server) appendImage(b []byte, r store.Reader, row *store.Row[image.Image], inPool bool) []byte {
	return one22.AppendImage(b, r, row, inPool, func(w *writer) {
		text := "-"
		if size, there := s.Files.Size(row.Val.Source); there {
			text = strconv.FormatInt(size, 10)
		}
		w.Text("SIZE", text)
	})
}

func imageAskID(_ *Server, c *call) (any, error) {
	which := rvpe.ImagesMine
	if c.isAdmin() {
		which = rvpe.ImagesAll
	}
	id := -1
	for _, row := range rvpe.Images(c.Snap, c.Caller, which, one22.IsKnownImage) {
		if row.Val.Name == c.Text(1) {
			id = row.Val.ID
		}
	}
	if id < 0 {
		return nil, refuse("Image[%s] is not found. ", c.Text(1))
	}
	return id, nil
}

func knownImage(r store.Reader, id int) (*image.Image, error) {
	img, ok := image.Kind.Table.Get(r, store.ID(id))
	if !ok || !one22.IsKnownImage(img) {
		return nil, one22.NoSuchImage("ImageInfo", id)
	}
	return img, nil
}

func imageInfo(s *Server, c *call) (any, error) {
	img, err := knownImage(c.Snap, c.Int(1))
	if err != nil {
		return nil, err
	}
	if !rvpe.MayRead(c.Caller, img) {
		return nil, refuse("You don't have permission to access the image.")
	}
	row, _ := image.Kind.Table.Row(c.Snap, store.ID(img.ID))
	return escaped(s.appendImage(nil, c.Snap, row, false)), nil
}

// own returns the image in argument 1, if it belongs to the caller.
func own(r store.Reader, c *call, todo string) (*image.Image, error) {
	img, err := knownImage(r, c.Int(1))
	if err == nil && !rvpe.Owns(c.Caller, img) {
		err = refuse("You don't have permission to %s the image.", todo)
	}
	return img, err
}

// imageAllocate creates an image from an uploaded file. If anything is wrong, the file is
// not kept.
func imageAllocate(ctx context.Context, s *Server, c *call) (any, error) {
	d, err := rvpe.ParseDefinition(c.Text(1))
	if err != nil {
		return nil, err
	}
	n, err := rvpe.ReadImage(d)
	if err != nil {
		return nil, err
	}
	t, err := rvpe.TransferOf(c.Snap, c.Member, n.Transfer)
	if err != nil {
		return nil, err
	}
	if !t.Put || !t.Done {
		return nil, refuse("Transfer[%s] is not done.", n.Transfer)
	}
	id, err := s.adopt(ctx, c, n, t)
	return id, errors.Join(err, s.forgetTransfer(ctx, t))
}

// adopt registers the image, and renames its file to the place that it gets.
func (s *Server) adopt(ctx context.Context, c *call, n rvpe.NewImage, t *rvpe.Transfer) (id int, err error) {
	if err := n.Check(c.Snap); err != nil {
		return -1, err
	}
	if _, there := s.Files.Size(t.Path); !there {
		return -1, refuse("Image file is not found: %s", t.Path)
	}
	head, err := s.Files.Head(t.Name, rvpe.HeadBytes)
	if err != nil {
		return -1, err
	}
	if err := rvpe.ValidateFile(s.Rules, head); err != nil {
		return -1, err
	}
	var img *image.Image
	err = s.Store.Update(ctx, func(tx *store.Tx) (err error) {
		img, err = n.Allocate(tx, c.Caller, s.Core)
		return err
	})
	if err != nil {
		return -1, err
	}
	if err := s.Files.Move(t.Name, img.Source); err != nil {
		return -1, errors.Join(err, s.delete(ctx, c, img))
	}
	return img.ID, nil
}

func imageDelete(ctx context.Context, s *Server, c *call) (any, error) {
	img, err := own(c.Snap, c, "delete")
	if err != nil {
		return nil, err
	}
	return img.ID, s.delete(ctx, c, img)
}

// delete removes an image and, at once, its file: clients check whether that is gone.
func (s *Server) delete(ctx context.Context, c *call, img *image.Image) error {
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		_, err := s.Core.Within(tx, c.Caller, "image.delete", img.ID)
		return err
	})
	if err != nil || img.Source == "" {
		return err
	}
	return s.Files.Remove(img.Source)
}

func imageEnable(ctx context.Context, s *Server, c *call) (any, error) {
	img, err := own(c.Snap, c, "enable/disable")
	if err != nil {
		return nil, err
	}
	return img.ID, s.Core.EnableImage(ctx, c.Caller, img.ID, c.Bool(2))
}

func imagePublish(tx *store.Tx, s *Server, c *call) (any, error) {
	img, err := own(tx, c, "publish/unpublish")
	if err != nil {
		return nil, err
	}
	if _, err := s.Core.Within(tx, c.Caller, "image.publish", img.ID, c.Bool(2)); err != nil {
		return nil, refuse("A persistent image can't be public.")
	}
	return img.ID, nil
}

func imagePersistent(tx *store.Tx, s *Server, c *call) (any, error) {
	img, err := knownImage(tx, c.Int(1))
	if err != nil {
		return nil, err
	}
	if !rvpe.Owns(c.Caller, img) {
		return nil, refuse("You don't have permission to make the image persistent.")
	}
	if _, err := s.Core.Within(tx, c.Caller, "image.persistent", img.ID, c.Bool(2)); err != nil {
		return nil, refuse("A public or used image can't be persistent.")
	}
	return img.ID, nil
}

func imageDescription(tx *store.Tx, s *Server, c *call) (any, error) {
	img, err := own(tx, c, "modify the description of")
	if err != nil {
		return nil, err
	}
	_, err = s.Core.Within(tx, c.Caller, "image.update", img.ID, "DESCRIPTION", c.Text(2))
	return img.ID, err
}

func imageValidate(s *Server, c *call) (any, error) {
	return nothing, rvpe.ValidateAttributes(s.Rules, c.Text(1))
}
