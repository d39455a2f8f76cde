package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"libvirt.org/go/libvirtxml"
)

// domain is a copy of a VM's domain, with its own name, UUID and files.
type domain struct {
	*Hand
	name, dir, file, console string
	disks                    [][]string // commands that create its disks
}

// again copies a running domain. Files that are deleted with the VM, such as the context CD,
// are copied.
func (h *Hand) again(ctx context.Context, d *libvirtxml.Domain) (*domain, error) {
	dir, err := h.folder()
	if err != nil {
		return nil, err
	}
	own := &domain{Hand: h, dir: dir, name: "by-hand-of-" + d.Name, file: filepath.Join(dir, "domain.xml")}
	own.console = filepath.Join(dir, "console.log")
	if err := own.take(ctx, d); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return own, nil
}

func (o *domain) take(ctx context.Context, d *libvirtxml.Domain) error {
	d.Name, d.UUID, d.Title, d.Metadata = o.name, "", "", nil // without the metadata by which the server would recognize it
	for i := range d.Devices.Serials {
		d.Devices.Serials[i].Log = &libvirtxml.DomainChardevLog{File: o.console}
	}
	for i := range d.Devices.Consoles {
		d.Devices.Consoles[i].Log = &libvirtxml.DomainChardevLog{File: o.console}
	}
	for i := range d.Devices.Disks {
		if err := o.disk(ctx, &d.Devices.Disks[i], i); err != nil {
			return err
		}
	}
	text, err := d.Marshal()
	if err != nil {
		return err
	}
	return os.WriteFile(o.file, []byte(text), 0o600)
}

// disk gives the domain a disk of its own: an overlay over the same image, or a copy of the
// same CD.
func (o *domain) disk(ctx context.Context, d *libvirtxml.DomainDisk, n int) error {
	if d.Source == nil || d.Source.File == nil {
		return fmt.Errorf("disk %s is no file: it cannot be started once more by hand", d.Target.Dev)
	}
	was, path := d.Source.File.File, filepath.Join(o.dir, fmt.Sprintf("disk.%d", n))
	d.Source.File.File = path
	if d.Device == "cdrom" {
		aside := path + ".aside"
		o.disks = append(o.disks, []string{"cp", aside, path})
		_, err := o.run(ctx, "cp", was, aside)
		return err
	}
	image, format, err := o.imageOf(ctx, was)
	if err != nil {
		return err
	}
	o.disks = append(o.disks, []string{"qemu-img", "create", "-q", "-f", "qcow2", "-F", format, "-b", image, path})
	return nil
}

// imageOf answers the backing file of a disk.
func (o *domain) imageOf(ctx context.Context, disk string) (path, format string, err error) {
	text, err := o.run(ctx, "qemu-img", "info", "--force-share", "--output=json", disk)
	if err != nil {
		return "", "", err
	}
	var info struct {
		Path   string `json:"full-backing-filename"`
		Format string `json:"backing-filename-format"`
	}
	if err := json.Unmarshal([]byte(text), &info); err != nil {
		return "", "", fmt.Errorf("what qemu-img tells of %s: %w", disk, err)
	}
	if info.Path == "" {
		return "", "", fmt.Errorf("%s is no layer over an image: it cannot be made once more by hand", disk)
	}
	path, err = filepath.EvalSymlinks(info.Path)
	return path, info.Format, err
}

// start creates the disks, starts the domain, waits until its guest is up, and destroys it.
func (o *domain) start(ctx context.Context) (t HandTimes, err error) {
	begin := time.Now()
	for _, argv := range o.disks {
		if _, err := o.run(ctx, argv...); err != nil {
			return t, err
		}
	}
	t.Disks = time.Since(begin)
	defer func() { err = errors.Join(err, o.end()) }()
	if err := o.virsh(ctx, "define", o.file); err != nil {
		return t, err
	}
	if err := o.virsh(ctx, "start", o.name); err != nil {
		return t, err
	}
	t.Start = time.Since(begin) - t.Disks
	err = o.says(ctx, o.console)
	t.Up = time.Since(begin) - t.Disks - t.Start
	return t, err
}

func (o *domain) virsh(ctx context.Context, args ...string) error {
	_, err := o.run(ctx, append([]string{"virsh", "-q", "-c", o.URI}, args...)...)
	return err
}

// end destroys and undefines the domain, even after the timeout. Errors are ignored, as it may
// not be running or defined.
func (o *domain) end() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	destroyed := o.virsh(ctx, "destroy", o.name)
	return errors.Join(destroyed, o.virsh(ctx, "undefine", o.name))
}

// remove deletes the domain's files.
func (o *domain) remove() { os.RemoveAll(o.dir) }
