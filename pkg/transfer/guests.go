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

// Guests stores context files for the guests of RENKEI-VPE.
type Guests struct {
	Scripts string // folder of RENKEI-VPE's context scripts, if any
	Keys    string // folder of SSH keys

	busy sync.Mutex // held while a key is stored or deleted
}

// scripts are run by guests when they boot and when they shut down.
var scripts = []string{"init.rb", "final.rb"}

// maxKey is the longest key, in bytes.
const maxKey = 64 << 10

// Files stores the SSH key of a VM's owner, and answers the paths of all context files. The
// folder of a key is named after its hash, so that VMs of one owner share it.
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

// keep stores a key atomically. The mtime of an existing one is updated, as it is about to be
// used.
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

// Clean deletes keys that no VM uses and that were not stored since before: a key is stored
// before its VM is allocated. Other files in the folder stay.
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
		_ = os.Remove(filepath.Dir(path)) // fails if there are other files
	}
	return err
}

// isOurs tells whether keep has made the folder of a key: RENKEI-VPE itself may have used the
// folder of keys before.
func isOurs(path string) bool {
	sum, err := hex.DecodeString(filepath.Base(filepath.Dir(path)))
	return err == nil && len(sum) == keyBytes
}

// keyBytes is how many bytes of a key's hash name its folder.
const keyBytes = 8

// globbed escapes a path for Glob.
func globbed(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
