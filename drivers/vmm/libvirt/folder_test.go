package libvirt_test

import (
	"os"
	"path/filepath"
	"testing"
)

// A VM without disks has no folder for its console log before it is deployed.
func TestDeployCreatesTheFolderOfAVMWithoutDisks(t *testing.T) {
	needLibvirt(t)
	d := newTestDriver(t)
	defer d.Close()
	for disks, id := range map[bool]int{true: 7101, false: 7102} {
		vm := testVM(t, id)
		vm.Dir = filepath.Join(t.TempDir(), "0", "vm")
		if !disks {
			vm.Template.Del("DISK")
		}
		hv := d.On(testHost)
		if _, err := hv.Deploy(t.Context(), vm); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(vm.Dir); os.IsNotExist(err) != disks {
			t.Errorf("with disks %v: the folder: %v", disks, err)
		}
		if err := hv.Destroy(t.Context(), vm); err != nil {
			t.Error(err)
		}
	}
}
