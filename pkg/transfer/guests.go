package transfer

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// Guests keeps the files that the guests of RENKEI-VPE are given.
type Guests struct {
	Scripts string // folder of the scripts that guests run, where there is one
	Keys    string // folder of keys
}

// scripts are what guests run when they begin and when they end.
var scripts = []string{"init.rb", "final.rb"}

// maxKey is the longest key, in bytes.
const maxKey = 64 << 10

// Files keeps the key that lets a VM's owner in, and answers the paths of all files for
// its guest. The folder of a key follows from the key: VMs of one owner share it.
func (g *Guests) Files(key string) ([]string, error) {
	if len(key) > maxKey {
		return nil, one.Errorf(one.CodeAction, "The ssh key is longer than %d bytes.", maxKey)
	}
	var list []string
	for _, name := range scripts {
		if path := filepath.Join(g.Scripts, name); g.Scripts != "" && exists(path) {
			list = append(list, path)
		}
	}
	path, err := g.keep(strings.TrimRight(key, "\n") + "\n")
	return append(list, path), err
}

// keep writes a key that is not there yet, and wholly.
func (g *Guests) keep(key string) (string, error) {
	sum := sha256.Sum256([]byte(key))
	dir := filepath.Join(g.Keys, hex.EncodeToString(sum[:8]))
	path := filepath.Join(dir, "root.pub")
	if exists(path) {
		return path, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("keeping the key of a VM: %w", err)
	}
	f, err := os.CreateTemp(dir, "new-")
	if err != nil {
		return "", fmt.Errorf("keeping the key of a VM: %w", err)
	}
	_, err = f.WriteString(key)
	if err := errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return path, os.Rename(f.Name(), path)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
