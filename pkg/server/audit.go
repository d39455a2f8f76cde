package server

import (
	"errors"
	"path/filepath"

	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/bolt"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Audit recounts what a stopped server's data says of usage, quotas, leases and
// images, and answers in words where it is wrong.
func Audit(data string) (found []string, err error) {
	file, err := bolt.Open(filepath.Join(data, "renkei.db"))
	if err != nil {
		return nil, err
	}
	st, err := store.Open(store.Options{Log: file, Tables: tables()})
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return vm.Audit(st.Read()), st.Close()
}
