package vmrun

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
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

// asksEmpty is a transfer driver that is asked about VMs without files, too.
type asksEmpty struct{ fakeDrivers }

func (a asksEmpty) MoveEmpty(_ context.Context, from, to drivers.Folder) error {
	return a.ask(to.Host.Name, "move from "+from.Host.Name+" to")
}

// TestMoveOfAVMWithoutFiles: a transfer driver that wants to know of it can refuse it; others are
// not asked.
func TestMoveOfAVMWithoutFiles(t *testing.T) {
	t.Parallel()
	asked := []string{}
	l := fakeDrivers{asked: &asked, fails: []string{"move from a to"}}
	for _, c := range []struct {
		tm   drivers.Transfer
		want error
	}{{l, nil}, {asksEmpty{l}, errLab}} {
		j := &job{vm: &vm.VM{}}
		from, to := place{host: drivers.Host{Name: "a"}}, place{host: drivers.Host{Name: "b"}, tm: c.tm}
		if err := j.move(t.Context(), from, to); !errors.Is(err, c.want) {
			t.Errorf("%T: the answer is %v, want %v", c.tm, err, c.want)
		}
	}
	if diff := cmp.Diff([]string{"move from a to b"}, asked); diff != "" {
		t.Errorf("the drivers were asked something else:\n%s", diff)
	}
}
