package vm

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// targets gives disks their device names: the first OS disk before the CD-ROMs
// and the context CD, the other disks after them
// (VirtualMachineDisks::get_images).
type targets struct {
	used                  map[string]bool
	first, cdroms, others []*wish
	cdrom                 string // prefix of CD-ROMs that say none
}

// wish is a disk that needs a target.
type wish struct {
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

// want notes what a disk needs.
func (t *targets) want(d *attr.Attr, kind one.ImageType) error {
	if target := d.Get("TARGET"); target != "" {
		return t.take(target)
	}
	w := &wish{d, d.Get("DEV_PREFIX")}
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

// wantContext notes the context CD, the last of the CD-ROMs.
func (t *targets) wantContext(c *attr.Attr) error {
	if target := c.Get("TARGET"); target != "" {
		return t.take(target)
	}
	prefix := c.Get("DEV_PREFIX")
	if prefix == "" {
		prefix = t.cdrom
	}
	t.cdroms = append(t.cdroms, &wish{c, prefix})
	return nil
}

func (t *targets) take(target string) error {
	if t.used[target] {
		return bad("Two disks have defined the same target %s", target)
	}
	t.used[target] = true
	return nil
}

// assign gives the targets out.
func (t *targets) assign(v *VM) error {
	for _, list := range [][]*wish{t.first, t.cdroms, t.others} {
		for _, w := range list {
			t.give(w)
		}
	}
	return t.tooMany(v)
}

func (t *targets) give(w *wish) {
	for i := 0; ; i++ {
		target := w.prefix + letters(i)
		if !t.used[target] {
			t.used[target] = true
			w.disk.Set("TARGET", target)
			return
		}
	}
}

// letters counts a, b … z, aa, ab …
func letters(i int) string {
	s := string(rune('a' + i%26))
	for i = i / 26; i > 0; i = (i - 1) / 26 {
		s = string(rune('a'+(i-1)%26)) + s
	}
	return s
}

// tooMany refuses more disks than a controller has places.
func (t *targets) tooMany(v *VM) error {
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
