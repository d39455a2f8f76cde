package dummy

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/renkei-vpe/renkei/drivers/dummyaction"
)

// folder is a world of files:
//
//	<root>/hosts/<host>/one-<VM ID>.json   a domain
//	<root>/hosts/<host>/host.json          facts of the host
//	<root>/checkpoints/one-<VM ID>.json    the memory of a suspended VM, or
//	<disks>/<host>/<file>                  the same, where disks have a folder
//
// Nothing is kept besides: what a person changes in a file holds from the next
// call on. A file is always whole, because it is renamed into its place; that
// is enough against a kill -9, and a power cut ends real domains as well.
type folder struct{ root, disks string }

const hostFile = "host.json"

func (f folder) hostDir(host string) string {
	name := url.PathEscape(host) // without slashes
	if strings.HasPrefix(name, ".") {
		name = "%2E" + name[1:] // and not ".."
	}
	return filepath.Join(f.root, "hosts", name)
}

func vmFile(vmID int) string { return fmt.Sprintf("one-%d.json", vmID) }

func (f folder) domainFile(host string, vmID int) string {
	return filepath.Join(f.hostDir(host), vmFile(vmID))
}

func (f folder) checkpointFile(at spot) string {
	if f.disks != "" && filepath.IsAbs(at.file) {
		return filepath.Join(f.disks, at.place, filepath.Clean(at.file))
	}
	return filepath.Join(f.root, "checkpoints", vmFile(at.vmID))
}

func (f folder) domain(host string, vmID int) (*domain, error) {
	return read[domain](f.domainFile(host, vmID))
}

func (f folder) domains(host string) ([]*domain, error) {
	files, err := filepath.Glob(filepath.Join(globEscape(f.hostDir(host)), "one-*.json"))
	if err != nil {
		return nil, err
	}
	var ds []*domain
	for _, file := range files {
		d, err := read[domain](file)
		if err != nil {
			return nil, err
		}
		if d != nil { // nil if it was deleted meanwhile
			ds = append(ds, d)
		}
	}
	return ds, nil
}

func (f folder) put(host string, d *domain) error {
	return write(f.domainFile(host, d.VMID), d)
}

func (f folder) remove(host string, vmID int) error {
	return remove(f.domainFile(host, vmID))
}

func (f folder) move(host string, vmID int, to string) error {
	if err := os.MkdirAll(f.hostDir(to), 0o750); err != nil {
		return err
	}
	err := os.Rename(f.domainFile(host, vmID), f.domainFile(to, vmID))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (f folder) checkpoint(at spot) (*checkpoint, error) {
	return read[checkpoint](f.checkpointFile(at))
}

func (f folder) putCheckpoint(at spot, c *checkpoint) error {
	return write(f.checkpointFile(at), c)
}

func (f folder) removeCheckpoint(at spot) error { return remove(f.checkpointFile(at)) }

func (f folder) facts(host string) (Facts, error) {
	known, err := read[Facts](filepath.Join(f.hostDir(host), hostFile))
	if known == nil {
		return Facts{}, err
	}
	return *known, nil
}

func (f folder) putFacts(host string, facts Facts) error {
	return write(filepath.Join(f.hostDir(host), hostFile), facts)
}

// globEscape escapes a name for use in a pattern.
func globEscape(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// read answers nil if there is no such file.
func read[T any](path string) (*T, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v := new(T)
	if err := json.Unmarshal(data, v); err != nil {
		return nil, fmt.Errorf("%s: %w (correct the file or delete it)", path, err)
	}
	return v, nil
}

func write(path string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return dummyaction.File(func() error { return replace(path, data) })
}

// replace writes a file atomically.
func replace(path string, data []byte) error {
	temp := path + ".new"
	err := os.WriteFile(temp, data, 0o640)
	if errors.Is(err, fs.ErrNotExist) { // the first file of its host
		if err = os.MkdirAll(filepath.Dir(path), 0o750); err == nil {
			err = os.WriteFile(temp, data, 0o640)
		}
	}
	if err != nil {
		return err
	}
	return os.Rename(temp, path)
}

func remove(path string) error {
	err := os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
