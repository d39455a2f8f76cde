package vmrun

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// bootFiles copies the kernel and the initrd from a file datastore to the host.
func (j *job) bootFiles(ctx context.Context, p place) error {
	os := j.vm.Template.Vector("OS")
	for file, name := range map[string]string{drivers.KernelFile: "KERNEL", drivers.InitrdFile: "INITRD"} {
		source := os.Get(name + "_DS_SOURCE")
		if source == "" {
			continue
		}
		if err := j.checkSource(source); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		tm, ok := j.Drivers.TM[os.Get(name+"_DS_TM")].(drivers.BootFiler)
		if !ok {
			return fmt.Errorf("%s: transfer driver %q does not bring files to boot from", name, os.Get(name+"_DS_TM"))
		}
		if err := tm.BootFile(ctx, p.host, source, p.vm.Dir+"/"+file); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// checkSource refuses paths outside of file datastores: users can write these attributes, and
// must not read other files of the front end that way.
func (j *job) checkSource(source string) error {
	for row := range datastore.Kind.Table.All(j.Store.Read()) {
		if d := row.Val; d.Type == one.DatastoreFile && (path.Dir(source) == path.Clean(d.BasePath) || source == dummySource && d.DSMad == "dummy") {
			return nil
		}
	}
	return fmt.Errorf("%s is no file of a file datastore", source)
}

// dummySource is the SOURCE of every image in a dummy datastore.
const dummySource = "dummy_path"

// contextFileImages parses the list that FILES_DS holds: path:'name', separated by blanks.
func (j *job) contextFileImages(list string) ([]drivers.File, error) {
	var files []drivers.File
	for rest := strings.TrimSpace(list); rest != ""; rest = strings.TrimSpace(rest) {
		source, quoted, ok := strings.Cut(rest, ":'")
		if !ok {
			return nil, fmt.Errorf("FILES_DS %q is no list of path:'name'", list)
		}
		name, more, ok := strings.Cut(quoted, "'")
		if !ok {
			return nil, fmt.Errorf("FILES_DS %q is no list of path:'name'", list)
		}
		if err := j.checkSource(source); err != nil {
			return nil, fmt.Errorf("FILES_DS: %w", err)
		}
		if source != dummySource {
			files = append(files, drivers.File{Name: name, Path: source})
		}
		rest = more
	}
	return files, nil
}
