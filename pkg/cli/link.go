package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Link creates links in a directory by which OpenNebula's names (onevm, oneimage and so on),
// and more names, start the binary. Correct links are left alone. A file of such a name that
// is not one of our links stops it before anything is created, lest an installed OpenNebula
// lose its commands.
func Link(dir, binary string, more ...string) error {
	target, err := filepath.Abs(binary)
	if err != nil {
		return fmt.Errorf("finding the program to link to: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the directory for links: %w", err)
	}
	var names []string
	for _, n := range nouns() {
		names = append(names, n.program)
	}
	names = append(names, more...)
	for _, name := range names {
		if err := mayLink(filepath.Join(dir, name), target); err != nil {
			return err
		}
	}
	for _, name := range names {
		if err := link(filepath.Join(dir, name), target); err != nil {
			return fmt.Errorf("linking %s: %w", name, err)
		}
	}
	return nil
}

func mayLink(path, target string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking at %s: %w", path, err)
	}
	if info.Mode()&os.ModeSymlink == 0 {
		return fmt.Errorf("%s exists and is no link; move it away or choose another directory", path)
	}
	old, err := os.Readlink(path)
	if err == nil && filepath.Base(old) != filepath.Base(target) {
		return fmt.Errorf("%s links to %s; remove it or choose another directory", path, old)
	}
	return err
}

func link(path, target string) error {
	if old, err := os.Readlink(path); err == nil {
		if old == target {
			return nil
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return os.Symlink(target, path)
}
