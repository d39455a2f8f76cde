package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/renkei-vpe/renkei/pkg/dump"
	"github.com/renkei-vpe/renkei/pkg/fsck"
	"github.com/renkei-vpe/renkei/pkg/schema"
	"github.com/renkei-vpe/renkei/pkg/secret"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/bolt"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// ErrServed is the error if a server is running on the data folder; use its API instead.
var ErrServed = bolt.ErrInUse

// dbFile is the file of the store in the data folder.
const dbFile = "renkei.db"

// Health is the result of a check of a store.
type Health struct {
	Mended []string `json:"mended"` // faults that have been repaired
	Wrong  []string `json:"wrong"`  // faults that are left
}

// Healthy tells whether there are no faults.
func (h Health) Healthy() bool { return len(h.Wrong) == 0 }

// openData opens the store of a stopped server, which has to exist.
func openData(data string) (*store.Store, error) {
	path := filepath.Join(data, dbFile)
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("there is no store in the data folder (--data): %w", err)
	}
	file, err := bolt.Open(path)
	if err != nil {
		return nil, err
	}
	st, err := store.Open(store.Options{Log: file, Tables: schema.Tables()})
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return st, nil
}

// Fsck checks a stopped server's store, and repairs what it can if repair is set.
func Fsck(ctx context.Context, data string, repair bool) (h Health, err error) {
	st, err := openData(data)
	if err != nil {
		return h, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	return look(ctx, st, repair)
}

func look(ctx context.Context, st *store.Store, repair bool) (Health, error) {
	if !repair {
		return Health{Wrong: fsck.Check(st.Read()).Texts()}, nil
	}
	var h Health
	err := st.Update(ctx, func(tx *store.Tx) error {
		mended, left := fsck.Repair(tx)
		h = Health{Mended: mended.Texts(), Wrong: left.Texts()}
		return nil
	})
	return h, err
}

// Export writes a stopped server's store into a new folder.
func Export(data, dir string) (m dump.Manifest, err error) {
	st, err := openData(data)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	return export(data, dir, st.Read())
}

// ImportFiles makes the store of a new data folder from an export. If fsck finds faults, it is
// refused unless force is set; with dry, nothing is written. On an error nothing has changed.
func ImportFiles(data, dir string, dry, force bool) (m dump.Manifest, h Health, err error) {
	path := filepath.Join(data, dbFile)
	if err := empty(data, path); err != nil {
		return m, h, err
	}
	writes, m, err := dump.Read(dir, schema.Tables())
	if err != nil {
		return m, h, err
	}
	if h, err = try(dir, writes); err != nil || dry || !h.Healthy() && !force {
		return m, h, err
	}
	if err := takeKey(data, dir); err != nil {
		return m, h, err
	}
	return m, h, place(path, writes)
}

// empty refuses a data folder that has a store already.
func empty(data, path string) error {
	for _, used := range []string{path, filepath.Join(data, "datastores")} {
		if _, err := os.Stat(used); err == nil {
			return fmt.Errorf("%s is there: import into a data folder that is empty", used)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// try opens the rows as a store in memory, checks it, and checks that the exported key fits the
// encrypted attributes.
func try(dir string, writes []store.Write) (h Health, err error) {
	log := memlog.New()
	if err := log.Append(writes); err != nil {
		return h, err
	}
	st, err := store.Open(store.Options{Log: log, Tables: schema.Tables()})
	if err != nil {
		return h, err
	}
	if err := secret.FitsAt(filepath.Join(dir, dump.KeyFile), st.Read()); err != nil {
		return h, errors.Join(err, st.Close())
	}
	return Health{Wrong: fsck.Check(st.Read()).Texts()}, st.Close()
}

// place writes the rows to a temporary file and renames that when it is complete.
func place(path string, writes []store.Write) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o711); err != nil {
		return fmt.Errorf("making the data folder: %w", err)
	}
	half := path + ".import"
	defer func() {
		if err != nil {
			os.Remove(half)
		}
	}()
	if err := os.Remove(half); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := bolt.Open(half)
	if err != nil {
		return err
	}
	if err := errors.Join(file.Append(writes), file.Close()); err != nil {
		return err
	}
	return os.Rename(half, path)
}
