package rvpe

import (
	"context"
	"errors"
	"io/fs"

	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// Files stores the files of transfers.
type Files interface {
	ChunkSize() int
	Path(name string) string // where the file of a session is
	Create(name string) error
	Append(name, chunk string, size int64) error
	Head(name string, n int) ([]byte, error)
	Move(name, path string) error
	// Of any file:
	Size(path string) (int64, bool)
	Read(path string, offset int64) ([]byte, error)
	Remove(path string) error
}

func transferMethods() []method {
	return []method{
		{name: "rvpe.transfer.init", signature: "string int", args: 3, help: "Initialize transfer session", do: transferInit},
		{name: "rvpe.transfer.put", signature: "string string string", args: 2, help: "Put data on RENKEI-VPE", do: look(transferPut)},
		{name: "rvpe.transfer.get", signature: "string int", help: "Get data from RENKEI-VPE", do: look(transferGet)},
		{name: "rvpe.transfer.finalize", signature: "string", help: "Finalize transfer session", do: transferFinalize},
		{name: "rvpe.transfer.cancel", signature: "string", help: "cancel transfer session", do: transferCancel},
		{name: "rvpe.transfer.delete", signature: "string", help: "delete data from RENKEI-VPE", do: look(transferDelete)},
	}
}

// transferInit opens a session, to upload a file of a given size or to download the file at a
// path. A file that the caller may not download is treated as missing.
func transferInit(ctx context.Context, s *Server, c *call) (any, error) {
	t := rvpe.Transfer{Name: rvpe.NewTransferName(), MemberID: c.Member.ID}
	var err error
	switch c.Text(1) {
	case "put":
		err = s.beginPut(c, &t)
	case "get":
		err = s.beginGet(c, &t)
	default:
		err = refuse("Unknown transfer type: %s", c.Text(1))
	}
	if err != nil {
		return nil, err
	}
	err = s.Store.Update(ctx, func(tx *store.Tx) error { rvpe.BeginTransfer(tx, t); return nil })
	if err != nil {
		return nil, err
	}
	return document(func(w *writer) {
		w.Open("TRANSFER")
		w.Text("NAME", t.Name)
		w.Text("TYPE", c.Text(1))
		w.Int("SIZE", t.Size)
		w.Int("CHUNK_SIZE", int64(s.Files.ChunkSize()))
		w.Close("TRANSFER")
	}), nil
}

func (s *Server) beginPut(c *call, t *rvpe.Transfer) error {
	t.Put, t.Path, t.Size = true, s.Files.Path(t.Name), c.Int64(3)
	if t.Size < 0 || t.Size > int64(s.Rules.MaxVirtualGiB)<<30 {
		return refuse("Virtual size of an image should be smaller than %dGB.", s.Rules.MaxVirtualGiB)
	}
	return s.Files.Create(t.Name)
}

func (s *Server) beginGet(c *call, t *rvpe.Transfer) error {
	t.Path = c.Text(2)
	size, there := s.Files.Size(t.Path)
	if !rvpe.MayFetch(c.Snap, c.Caller, c.Member, t.Path) || !there {
		return refuse("File[%s] does not exist in RENKEI-VPE.", t.Path)
	}
	t.Size = size
	return nil
}

func transferPut(s *Server, c *call) (any, error) {
	t, err := rvpe.OpenTransfer(c.Snap, c.Member, c.Text(1))
	if err != nil {
		return nil, err
	}
	if !t.Put {
		return nil, refuse("Transfer[%s] is one to get data.", t.Name)
	}
	return nothing, s.Files.Append(t.Name, c.Text(2), t.Size)
}

// transferGet checks the right again: since the session began, the image may have got another
// owner or become private.
func transferGet(s *Server, c *call) (any, error) {
	t, err := rvpe.OpenTransfer(c.Snap, c.Member, c.Text(1))
	if err != nil {
		return nil, err
	}
	if t.Put || !rvpe.MayFetch(c.Snap, c.Caller, c.Member, t.Path) {
		return nil, refuse("File[%s] does not exist in RENKEI-VPE.", t.Path)
	}
	text, err := s.Files.Read(t.Path, c.Int64(2))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, refuse("File[%s] does not exist in RENKEI-VPE.", t.Path)
	}
	return xmlrpc.Text{Chunks: [][]byte{text}}, err
}

// transferFinalize ends a session. An upload that is shorter than announced is discarded.
func transferFinalize(ctx context.Context, s *Server, c *call) (any, error) {
	t, err := rvpe.OpenTransfer(c.Snap, c.Member, c.Text(1))
	if err != nil {
		return nil, err
	}
	err = s.Store.Update(ctx, func(tx *store.Tx) error { return rvpe.EndTransfer(tx, c.Member, t.Name) })
	if err != nil || !t.Put {
		return nothing, err
	}
	if size, _ := s.Files.Size(t.Path); size != t.Size {
		return nil, errors.Join(s.Files.Remove(t.Path), refuse("Transfer failed: File size is not same."))
	}
	return nothing, nil
}

func transferCancel(ctx context.Context, s *Server, c *call) (any, error) {
	t, err := rvpe.TransferOf(c.Snap, c.Member, c.Text(1))
	if err != nil {
		return nil, err
	}
	return nothing, s.forgetTransfer(ctx, t)
}

// forgetTransfer deletes a session and the file that was uploaded in it.
func (s *Server) forgetTransfer(ctx context.Context, t *rvpe.Transfer) error {
	err := s.Store.Update(ctx, func(tx *store.Tx) error { rvpe.ForgetTransfer(tx, t.Name); return nil })
	if err == nil && t.Put {
		err = s.Files.Remove(t.Path)
	}
	return err
}

// transferDelete deletes a file that the caller uploaded. An image's file is deleted with the
// image, so asking for it once more succeeds.
func transferDelete(s *Server, c *call) (any, error) {
	path := c.Text(1)
	if _, there := s.Files.Size(path); there && rvpe.MayDelete(c.Snap, c.Member, path) {
		return nothing, s.Files.Remove(path)
	}
	gone, err := rvpe.ImageLeft(c.Snap, c.Caller, path)
	if err == nil && !gone {
		err = refuse("File[%s] does not exist.", path)
	}
	return nothing, err
}
