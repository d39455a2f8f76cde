package transfer

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// Guests keeps the files that the guests of RENKEI-VPE are given.
type Guests struct {
	Scripts string // folder of the scripts that guests run, where there is one
	Keys    string // folder of keys

	busy sync.Mutex // one key is kept or cleaned away at a time
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

// keyFile is the name of a key in its folder.
const keyFile = "root.pub"

// keep writes a key that is not there yet, and wholly. One that is there counts as new:
// it is about to be used.
func (g *Guests) keep(key string) (string, error) {
	g.busy.Lock()
	defer g.busy.Unlock()
	sum := sha256.Sum256([]byte(key))
	dir := filepath.Join(g.Keys, hex.EncodeToString(sum[:keyBytes]))
	path := filepath.Join(dir, keyFile)
	if now := time.Now(); os.Chtimes(path, now, now) == nil {
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

// Clean deletes the keys that no VM is given any more and that nobody asked for since
// before: between that and the VM itself is a call's time. What else is in the folder
// stays.
func (g *Guests) Clean(used map[string]bool, before time.Time) error {
	g.busy.Lock()
	defer g.busy.Unlock()
	list, err := filepath.Glob(filepath.Join(globbed(g.Keys), "*", keyFile))
	for _, path := range list {
		info, statErr := os.Lstat(path)
		if statErr != nil || used[path] || !isOurs(path) || !info.Mode().IsRegular() || !info.ModTime().Before(before) {
			continue
		}
		err = errors.Join(err, os.Remove(path))
		_ = os.Remove(filepath.Dir(path)) // stays where something else is in it
	}
	return err
}

// isOurs tells whether the folder of a key is one that keep made: RENKEI-VPE itself may
// have had the folder of keys before.
func isOurs(path string) bool {
	sum, err := hex.DecodeString(filepath.Base(filepath.Dir(path)))
	return err == nil && len(sum) == keyBytes
}

// keyBytes is how much of a key's sum names its folder.
const keyBytes = 8

// globbed is a path as Glob reads it.
func globbed(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
