package image

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/object"
)

// TestDisksInherit: attributes of the disk stay, those of the image precede those of the
// datastore, and of a vector the pairs are copied.
func TestDisksInherit(t *testing.T) {
	t.Parallel()
	img, ds := &Image{}, &datastore.Datastore{Meta: object.Meta{Name: "fast"}}
	img.Template, _ = attr.Parse("COLOR=red\nSHAPE=[SIDES=4,WIDTH=2]\nNOISE=loud")
	ds.Template, _ = attr.Parse("COLOR=blue\nSPEED=9\nCEPH_HOST=\"a b\"")
	said, _ := attr.Parse("DISK=[WIDTH=7]")
	disk := said.Vector("DISK")
	FillDisk(Inherited{Image: []string{"COLOR", "SHAPE"}, Datastore: []string{"COLOR", "SPEED", "ABSENT"}}, img, ds, disk)
	for key, want := range map[string]string{"COLOR": "red", "SIDES": "4", "WIDTH": "7", "SPEED": "9", "NOISE": "", "CEPH_HOST": "", "ABSENT": ""} {
		if got := disk.Get(key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	FillDisk(DefaultInherited(), img, ds, disk)
	if got := disk.Get("CEPH_HOST"); got != "a b" {
		t.Errorf("as oned.conf is delivered CEPH_HOST is %q", got)
	}
}
