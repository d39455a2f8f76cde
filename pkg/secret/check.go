package secret

import (
	"context"
	"errors"
	"fmt"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// Check is the row by which a store knows the key of what is in it.
type Check struct {
	Print string `cbor:"1,keyasint"`
}

// Clone implements store.Cloner.
func (c *Check) Clone() *Check { own := *c; return &own }

// Checks is its table; it has one row.
var Checks = store.NewTable[Check]("secretkey")

// ErrOtherKey says that a store's secrets are encrypted with another key.
var ErrOtherKey = errors.New("the store's attributes are encrypted with another key")

// known answers what tells the key of a store's secrets.
func known(r store.Reader) (print string, ok bool) {
	c, ok := Checks.Get(r, store.ID(0))
	if !ok {
		return "", false
	}
	return c.Print, true
}

// FitsAt refuses a file that does not hold the key with which a store's secrets are
// encrypted. Where nothing is, any will do, and none.
func FitsAt(path string, r store.Reader) error {
	print, ok := known(r)
	if !ok {
		return nil
	}
	k, err := Load(path)
	if err == nil && k.print() != print {
		err = fmt.Errorf("%s: %w", path, ErrOtherKey)
	}
	return err
}

// Find answers the key that a file holds, or a new one where there is no file.
func Find(path string) (Key, error) {
	k, err := Load(path)
	if errors.Is(err, ErrNoKey) {
		return NewKey(), nil
	}
	return k, err
}

// Settle makes the key that of a store in which nothing is encrypted yet, and writes its
// file where there is none. In all others the file has to hold theirs.
func (k Key) Settle(ctx context.Context, st *store.Store, path string) error {
	if _, ok := known(st.Read()); ok {
		return FitsAt(path, st.Read())
	}
	if _, err := Load(path); errors.Is(err, ErrNoKey) {
		if err := k.Save(path); err != nil {
			return err
		}
	}
	return st.Update(ctx, func(tx *store.Tx) error {
		Checks.Put(tx, store.ID(0), &Check{k.print()})
		return nil
	})
}
