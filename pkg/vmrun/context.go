package vmrun

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/contextcd"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// context creates the context CD.
func (j *job) context(ctx context.Context) error {
	own := *j.vm
	j.VMs.Secrets.Open(vm.Kind.Table.Name(), &own) // the CD has the decrypted values
	c := own.Template.Vector("CONTEXT")
	if c == nil {
		return nil
	}
	id, _ := c.Int("DISK_ID")
	disk := drivers.Disk{ID: id, Attrs: *c, Path: j.here.diskPath(id)}
	files, err := j.contextFiles(c)
	if err != nil {
		return err
	}
	more, err := j.contextFileImages(c.Get("FILES_DS"))
	if err != nil {
		return err
	}
	return j.here.tm.Context(ctx, j.here.host, disk, append(files, more...))
}

// renewContext updates the context of a running guest: the CD is ejected, rebuilt and inserted,
// which the guest notices. If the driver cannot change CDs, the guest reads the new one at its
// next boot.
func (j *job) renewContext(ctx context.Context) error {
	changer, ok := j.here.hv.(drivers.ContextChanger)
	if !ok || j.vm.Template.Vector("CONTEXT") == nil {
		return j.context(ctx)
	}
	if err := changer.EjectContext(ctx, j.here.vm); err != nil {
		return err
	}
	// The old CD stays until the new one is complete, so that the guest has one in any case.
	made := j.context(ctx)
	return errors.Join(made, changer.InsertContext(ctx, j.here.vm))
}

// notForGuests are the attributes of CONTEXT that control how the CD is made.
var notForGuests = []string{"DISK_ID", "TARGET", "DRIVER", "FILES", "FILES_DS", "INIT_SCRIPTS"}

func (j *job) contextFiles(c *attr.Attr) ([]drivers.File, error) {
	var vars []attr.Pair
	for _, pair := range c.Vector {
		if !slices.Contains(notForGuests, pair.Key) {
			vars = append(vars, pair)
		}
	}
	text := contextcd.ContextSH
	if j.vm.Legacy != nil {
		text = contextcd.ContextSH22
	}
	files := []drivers.File{{Name: "context.sh", Data: text(vars)}}
	for path := range strings.FieldsSeq(c.Get("FILES")) {
		real, err := j.Context.find(path)
		if err != nil {
			return nil, err
		}
		files = append(files, drivers.File{Name: filepath.Base(path), Path: real})
	}
	return files, nil
}

// find answers the file that a path leads to, if guests may get it: links lead into
// restricted folders, too. What is not there is for the driver to miss.
func (d ContextDirs) find(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return path, nil
	}
	if drivers.Within(real, d.Restricted) && !drivers.Within(real, d.Safe) {
		return "", vm.Complaint("CONTEXT/FILES cannot use " + path + ", it's in restricted directories")
	}
	return real, nil
}
