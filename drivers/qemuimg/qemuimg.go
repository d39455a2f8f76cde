// Package qemuimg creates, resizes and converts disk images with qemu-img on a host. The format
// of an image is always given and never detected, as a guest could write the header of another
// format into a raw disk.
package qemuimg

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/remote"
)

// Formats of images.
const (
	Raw   = "raw"
	Qcow2 = "qcow2"
)

// MiB is the unit of OpenNebula's sizes.
const MiB = 1 << 20

// Tool works on images of one host.
type Tool struct {
	Runner *remote.Runner
	Host   drivers.Host
}

// Info is the output of qemu-img info.
type Info struct {
	VirtualBytes int64  `json:"virtual-size"`
	Backing      string `json:"backing-filename"` // as written in the image
	Snapshots    []struct {
		Name string `json:"name"`
	} `json:"snapshots"`
}

// Info examines an image of a given format, even while a guest uses it.
func (t Tool) Info(ctx context.Context, path, format string) (Info, error) {
	out, err := t.qemuImg(ctx, "info", "--output=json", "-U", "-f", format, path)
	if err != nil {
		return Info{}, err
	}
	var info Info
	if err := json.Unmarshal(out, &info); err != nil {
		return Info{}, fmt.Errorf("reading what qemu-img says of %s: %w", path, err)
	}
	return info, nil
}

// Overlay creates a qcow2 image with base as backing file. A relative base is relative to the
// folder of path.
func (t Tool) Overlay(ctx context.Context, path, base, baseFormat string) error {
	_, err := t.qemuImg(ctx, "create", "-q", "-f", Qcow2, "-F", baseFormat, "-b", base, path)
	return err
}

// Convert copies an image, even while a guest uses it, to one without backing file.
func (t Tool) Convert(ctx context.Context, from, fromFormat, to, toFormat string) error {
	_, err := t.qemuImg(ctx, "convert", "-q", "-U", "-f", fromFormat, "-O", toFormat, from, to)
	return err
}

// Grow resizes an image to at least sizeMiB. It never shrinks one.
func (t Tool) Grow(ctx context.Context, path, format string, sizeMiB int64) error {
	info, err := t.Info(ctx, path, format)
	if err != nil || info.VirtualBytes >= sizeMiB*MiB {
		return err
	}
	_, err = t.qemuImg(ctx, "resize", "-q", "-f", format, path, strconv.FormatInt(sizeMiB, 10)+"M")
	return err
}

// Snapshot runs "qemu-img snapshot" on a qcow2 image: -c creates, -a applies and -d deletes the
// snapshot of that name.
func (t Tool) Snapshot(ctx context.Context, verb, name, path string) error {
	_, err := t.qemuImg(ctx, "snapshot", "-q", verb, name, path)
	return err
}

// qemuImg runs qemu-img. All paths are absolute, so that none can be an option or a protocol
// ("nbd:…").
func (t Tool) qemuImg(ctx context.Context, args ...string) ([]byte, error) {
	return t.Runner.Command(ctx, t.Host, append([]string{"qemu-img"}, args...)...)
}
