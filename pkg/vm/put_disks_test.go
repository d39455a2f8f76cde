package vm

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// TestAVMDeletedAtWorkTearsItsImages: one that is off gives its persistent image back as
// it is, one at work does not.
func TestAVMDeletedAtWorkTearsItsImages(t *testing.T) {
	t.Parallel()
	const mine = "CPU=1\nMEMORY=64\nDISK=[IMAGE=data]"
	for off, want := range map[bool]one.ImageState{false: one.ImageError, true: one.ImageReady} {
		w := newWorld(t)
		id := w.running(mine)
		imageID, _ := w.vm(id).Disk(0).Int("IMAGE_ID")
		if off {
			w.must(func(tx *store.Tx) error { return Act(tx, w.s, alice, id, "poweroff-hard") })
			w.run(id)
		}
		w.must(func(tx *store.Tx) error { return Recover(tx, w.s, oneadmin, id, lifecycle.RecoverDelete) })
		w.run(id)
		img, err := image.Kind.Get(w.store.Read(), imageID)
		if err != nil {
			t.Fatal(err)
		}
		if !img.Persistent || img.State != want {
			t.Errorf("off: %v: the image is %v; want %v", off, img.State, want)
		}
	}
}
