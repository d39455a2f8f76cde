package vmrun

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// TestWhichVMsHaveNoFolder: a VM without disks has files to move only if its memory was saved.
func TestWhichVMsHaveNoFolder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text   string
		lcm    one.LCMState
		detail lifecycle.Detail
		want   bool
	}{
		"undeployed":     {"CPU=1", one.LCMEpilogUndeploy, lifecycle.Plain, true},
		"stopped":        {"CPU=1", one.LCMEpilogStop, lifecycle.Plain, false},
		"saved to move":  {"CPU=1", one.LCMPrologMigrate, lifecycle.Plain, false},
		"off to move":    {"CPU=1", one.LCMPrologMigrate, lifecycle.PoweredOff, true},
		"with a disk":    {"DISK=[DISK_ID=0]", one.LCMEpilogUndeploy, lifecycle.Plain, false},
		"with a context": {"CONTEXT=[DISK_ID=0]", one.LCMEpilogUndeploy, lifecycle.Plain, false},
		"with a kernel":  {`OS=[KERNEL_DS_SOURCE="/k"]`, one.LCMEpilogUndeploy, lifecycle.Plain, false},
	} {
		tmpl, err := attr.Parse(c.text)
		if err != nil {
			t.Fatal(err)
		}
		v := &vm.VM{}
		v.Template, v.LCM, v.Detail = tmpl, c.lcm, c.detail
		if got := (&job{vm: v}).hasNoFolder(); got != c.want {
			t.Errorf("%s: has no folder: %v, want %v", name, got, c.want)
		}
	}
}
