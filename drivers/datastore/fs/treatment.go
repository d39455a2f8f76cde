package fs

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/qemuimg"
)

// treatment is what is done to an image when it is imported.
type treatment struct {
	verbatim bool   // a context file, kernel or initrd: not a disk image
	unpack   bool   // decompress
	format   string // convert to raw or qcow2; "" keeps the format
}

// treat reads the settings of OpenNebula's downloader: TYPE, NO_DECOMPRESS, CONVERT and DRIVER
// of the datastore. The image's FORMAT has precedence over the datastore's DRIVER.
func treat(ds drivers.Datastore, img drivers.ImageSpec) (treatment, error) {
	if ds.Attrs.Get("TYPE") == "FILE_DS" {
		return treatment{verbatim: true, unpack: is(ds, "NO_DECOMPRESS", "no")}, nil
	}
	t := treatment{unpack: !is(ds, "NO_DECOMPRESS", "yes"), format: img.Format}
	if t.format == "" && !is(ds, "CONVERT", "no") {
		t.format = ds.Attrs.Get("DRIVER")
	}
	if img.Attrs.Get("TYPE") == "CDROM" {
		t.format = ""
	}
	if t.format != "" && t.format != qemuimg.Raw && t.format != qemuimg.Qcow2 {
		return t, fmt.Errorf("the format %q is not supported: choose raw or qcow2", t.format)
	}
	return t, nil
}

func is(ds drivers.Datastore, name, value string) bool {
	return strings.EqualFold(ds.Attrs.Get(name), value)
}

// result answers the format of the imported image.
func (t treatment) result(head qemuimg.Head) string {
	if t.format == "" || head.CD {
		return head.Format
	}
	return t.format
}

// probeFile is probe for a file.
func (t treatment) probeFile(f *os.File) (qemuimg.Head, error) {
	beginning := make([]byte, qemuimg.HeadBytes)
	n, err := f.ReadAt(beginning, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return qemuimg.Head{}, err
	}
	return t.probe(beginning[:n])
}

// probe examines the beginning of an image and refuses dangerous ones.
func (t treatment) probe(beginning []byte) (qemuimg.Head, error) {
	if t.verbatim {
		return qemuimg.Head{Format: qemuimg.Raw}, nil
	}
	return qemuimg.Probe(beginning)
}
