package vm

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// targets assigns device names: first to the first OS disk, then to CD-ROMs and the context CD,
// then to other disks (VirtualMachineDisks::get_images).
type targets struct {
	used                  map[string]bool
	first, cdroms, others []*pendingDisk
	cdrom                 string // default DEV_PREFIX of CD-ROMs
}

// pendingDisk is a disk without a target.
type pendingDisk struct {
	disk   *attr.Attr
	prefix string
}

func targetsOf(v *VM) *targets {
	t := &targets{used: map[string]bool{}, cdrom: "hd"}
	if hasSATA(v) {
		t.cdrom = "sd"
	}
	return t
}

// add registers a disk, with its TARGET if it has one.
func (t *targets) add(d *attr.Attr, kind one.ImageType) error {
	if target := d.Get("TARGET"); target != "" {
		return t.take(target)
	}
	w := &pendingDisk{d, d.Get("DEV_PREFIX")}
	switch {
	case kind == one.ImageTypeCDROM:
		if w.prefix == "" {
			w.prefix = t.cdrom
		}
		t.cdroms = append(t.cdroms, w)
	case kind == one.ImageTypeOS && len(t.first) == 0:
		t.first = append(t.first, w)
	case kind == one.ImageTypeOS || kind == one.ImageTypeDatablock:
		t.others = append(t.others, w)
	}
	return nil
}

// addContext registers the context CD, which comes after other CD-ROMs.
func (t *targets) addContext(c *attr.Attr) error {
	if target := c.Get("TARGET"); target != "" {
		return t.take(target)
	}
	prefix := c.Get("DEV_PREFIX")
	if prefix == "" {
		prefix = t.cdrom
	}
	t.cdroms = append(t.cdroms, &pendingDisk{c, prefix})
	return nil
}

func (t *targets) take(target string) error {
	if t.used[target] {
		return bad("Two disks have defined the same target %s", target)
	}
	t.used[target] = true
	return nil
}

// assign sets TARGET of the disks that have none.
func (t *targets) assign(v *VM) error {
	for _, list := range [][]*pendingDisk{t.first, t.cdroms, t.others} {
		for _, w := range list {
			t.assignNext(w)
		}
	}
	return t.checkControllers(v)
}

func (t *targets) assignNext(w *pendingDisk) {
	for i := 0; ; i++ {
		target := w.prefix + letters(i)
		if !t.used[target] {
			t.used[target] = true
			w.disk.Set("TARGET", target)
			return
		}
	}
}

// letters converts 0, 1 … 25, 26, 27 … to a, b … z, aa, ab …
func letters(i int) string {
	s := string(rune('a' + i%26))
	for i = i / 26; i > 0; i = (i - 1) / 26 {
		s = string(rune('a'+(i-1)%26)) + s
	}
	return s
}

// checkControllers refuses more disks than the controllers support.
func (t *targets) checkControllers(v *VM) error {
	hd, sd := 0, 0
	for target := range t.used {
		switch {
		case strings.HasPrefix(target, "hd"):
			hd++
		case strings.HasPrefix(target, "sd"):
			sd++
		}
	}
	id := strconv.Itoa(v.ID)
	switch {
	case hd > 4 && !hasSATA(v):
		return bad("Non q35 or virt VM %s has more than 4 hd disks", id)
	case sd > 256:
		return bad("VM %s has more than 256 disks", id)
	}
	return nil
}
