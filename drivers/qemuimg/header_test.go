package qemuimg

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// qcow2 is the header of an image of 1 MiB, changed.
func qcow2(change func(head []byte)) []byte {
	head := make([]byte, 104)
	copy(head, "QFI\xfb")
	binary.BigEndian.PutUint32(head[4:], 3)
	binary.BigEndian.PutUint64(head[24:], 1<<20)
	change(head)
	return head
}

func TestProbe(t *testing.T) {
	t.Parallel()
	same := func([]byte) {}
	for name, c := range map[string]struct {
		head   []byte
		want   Head
		refuse string // what the refusal says, among else
	}{
		"qcow2":                  {qcow2(same), Head{Format: Qcow2, VirtualBytes: 1 << 20}, ""},
		"qcow2, version 2":       {qcow2(func(h []byte) { h[7] = 2 })[:72], Head{Format: Qcow2, VirtualBytes: 1 << 20}, ""},
		"with a backing file":    {qcow2(func(h []byte) { h[15] = 104 }), Head{}, "backing file"},
		"with data elsewhere":    {qcow2(func(h []byte) { h[79] = qcow2DataFile }), Head{}, "in another file"},
		"corrupt":                {qcow2(func(h []byte) { h[79] = qcow2Corrupt }), Head{}, "corrupt"},
		"of no size":             {qcow2(func(h []byte) { clear(h[24:32]) }), Head{}, "0 bytes"},
		"of a later version":     {qcow2(func(h []byte) { h[7] = 4 }), Head{}, "version 4"},
		"of the first version":   {qcow2(func(h []byte) { h[7] = 1 }), Head{}, "QCOW version 1"},
		"cut off":                {qcow2(same)[:40], Head{}, "cut off"},
		"cut off in version 3":   {qcow2(same)[:80], Head{}, "cut off"},
		"VMDK":                   {[]byte("KDMV and more"), Head{}, "VMDK"},
		"nothing at all":         {nil, Head{Format: Raw}, ""},
		"a CD":                   {[]byte(strings.Repeat("\x00", 16*2048+1) + "CD001"), Head{Format: Raw, CD: true}, ""},
		"text that is no header": {[]byte("QFI, it says"), Head{Format: Raw}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Probe(c.head)
			if c.refuse != "" {
				if err == nil || !strings.Contains(err.Error(), c.refuse) {
					t.Errorf("%+v, %v; want a refusal that says %q", got, err, c.refuse)
				}
				return
			}
			if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
				t.Errorf("%v; (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestInvalidEmptyDisks(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]Empty{
		"":         {SizeMiB: 1, Format: Qcow2, FS: "ext4"},
		"SIZE":     {},
		"\"vmdk\"": {SizeMiB: 1, Format: "vmdk"},
		"\"ext9\"": {SizeMiB: 1, FS: "ext9"},
		"not -5":   {SizeMiB: -5},
	} {
		if err := e.Check(); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", e, err, want)
		}
	}
}
