package rvpe

import (
	"crypto/rand"
	"encoding/hex"
	"iter"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Transfer is a session in which an image is uploaded or downloaded in chunks. Only its member
// can use it.
type Transfer struct {
	ID       int    `cbor:"1,keyasint"`
	Name     string `cbor:"2,keyasint"`
	MemberID int    `cbor:"3,keyasint"`
	Put      bool   `cbor:"4,keyasint"` // an upload; else a download
	Path     string `cbor:"5,keyasint"`
	Size     int64  `cbor:"6,keyasint"` // bytes
	Began    int64  `cbor:"7,keyasint"`
	Done     bool   `cbor:"8,keyasint,omitempty"`
}

// Clone implements store.Cloner.
func (t *Transfer) Clone() *Transfer { c := *t; return &c }

var (
	transfersByName = store.NewIndex(func(t *Transfer) []string { return []string{t.Name} })
	transfersByPath = store.NewIndex(func(t *Transfer) []string { return []string{t.Path} })
	transfers       = store.NewTable("rvpe_transfer", transfersByName, transfersByPath)
)

// NewTransferName generates a random name that cannot be guessed.
func NewTransferName() string {
	var b [20]byte
	rand.Read(b[:]) // never fails: the runtime ends the program instead
	return hex.EncodeToString(b[:])
}

// Transfers iterates over all sessions.
func Transfers(r store.Reader) iter.Seq[*Transfer] {
	return func(yield func(*Transfer) bool) {
		for row := range transfers.All(r) {
			if !yield(row.Val) {
				return
			}
		}
	}
}

// BeginTransfer opens a session.
func BeginTransfer(tx *store.Tx, t Transfer) {
	t.ID, t.Began = tx.Next(transfers.Name(), firstID), tx.Now.Unix()
	transfers.Put(tx, store.ID(t.ID), &t)
}

// TransferOf finds a session of a member. Those of others are reported as missing.
func TransferOf(r store.Reader, m *Member, name string) (*Transfer, error) {
	t, ok := transfersByName.First(r, name)
	if !ok || t.MemberID != m.ID {
		return nil, refuse("Transfer[%s] is not found.", name)
	}
	return t, nil
}

// OpenTransfer is TransferOf for a session that is not done.
func OpenTransfer(r store.Reader, m *Member, name string) (*Transfer, error) {
	t, err := TransferOf(r, m, name)
	if err == nil && t.Done {
		return nil, refuse("Transfer has been already done.")
	}
	return t, err
}

// EndTransfer marks a session as done.
func EndTransfer(tx *store.Tx, m *Member, name string) error {
	t, err := OpenTransfer(tx, m, name)
	if err != nil {
		return err
	}
	t = t.Clone()
	t.Done = true
	transfers.Put(tx, store.ID(t.ID), t)
	return nil
}

// ForgetTransfer deletes a session.
func ForgetTransfer(tx *store.Tx, name string) {
	if t, ok := transfersByName.First(tx, name); ok {
		transfers.Delete(tx, store.ID(t.ID))
	}
}

// MayFetch tells whether a member may download the file at path: the file of an image that he
// may read, or one that he uploaded. No other file of the server can be downloaded.
func MayFetch(r store.Reader, c *one.Caller, m *Member, path string) bool {
	if img := imageAt(r, path); img != nil {
		return MayRead(c, img)
	}
	return sent(r, m, path)
}

// MayDelete tells whether a member may delete the file at path, which has to be one that he
// uploaded. ImageLeft is about the files of images.
func MayDelete(r store.Reader, m *Member, path string) bool { return sent(r, m, path) }

// ImageLeft tells whether path is the file of an image that is deleted or being deleted. Then
// nothing is left to delete, and the call succeeds.
func ImageLeft(r store.Reader, c *one.Caller, path string) (bool, error) {
	img := imageAt(r, path)
	if img == nil {
		return isPlace(r, path), nil
	}
	switch {
	case !Owns(c, img):
		return false, refuse("You don't have permission to delete the image.")
	case img.State != one.ImageDelete:
		return false, refuse("File[%s] is the one of Image[%s]: delete the image.", path, img.Name)
	}
	return true, nil
}

// sent tells whether path is the file of a transfer of the member.
func sent(r store.Reader, m *Member, path string) bool {
	for row := range transfersByPath.Find(r, path) {
		if row.Val.Put && row.Val.MemberID == m.ID {
			return true
		}
	}
	return false
}

// imageAt finds the image whose file is at path.
func imageAt(r store.Reader, path string) *image.Image {
	img, _ := image.BySource.First(r, path)
	return img
}

// isPlace tells whether path may be that of an image's file: in the folder of a datastore, with
// a name as images' files have.
func isPlace(r store.Reader, path string) bool {
	const digits = 40
	for row := range datastore.Kind.Table.All(r) {
		name, inside := strings.CutPrefix(path, row.Val.BasePath+"/")
		if inside && len(name) == digits && isHex(name) {
			return true
		}
	}
	return false
}

func isHex(text string) bool {
	_, err := hex.DecodeString(text)
	return err == nil
}

// MayRead tells whether a caller may read an image: it is his own or public.
func MayRead(c *one.Caller, img *image.Image) bool { return Owns(c, img) || IsPublic(img) }

// Owns tells whether an image is the caller's; the administrator owns all images.
func Owns(c *one.Caller, img *image.Image) bool { return img.UID == c.UID || c.IsAdmin() }

// IsPublic tells whether everybody may use an image.
func IsPublic(img *image.Image) bool { return img.Perms.Allows(object.Other, one.Use) }
