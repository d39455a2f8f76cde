package dummy_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/drivertest"
	"github.com/renkei-vpe/renkei/drivers/vmm/dummy"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestContractInMemory(t *testing.T) {
	t.Parallel()
	drivertest.RunVMM(t, func(*testing.T) drivertest.VMM {
		return trial(dummy.New(dummy.Settings{}))
	})
}

func TestContractInFolder(t *testing.T) {
	t.Parallel()
	drivertest.RunVMM(t, func(t *testing.T) drivertest.VMM {
		return trial(dummy.New(dummy.Settings{Dir: t.TempDir()}))
	})
}

var (
	node1 = drivers.Host{ID: 1, Name: "node1"}
	node2 = drivers.Host{ID: 2, Name: "node2"}
)

func trial(d *dummy.Driver) drivertest.VMM {
	var ids atomic.Int32
	return drivertest.VMM{
		Driver: d,
		Host:   node1,
		Other:  &node2,
		NewVM:  func(*testing.T) drivers.VM { return newVM(int(ids.Add(1))) },
		Grow: func(_ *testing.T, vm drivers.VM) drivers.VM {
			vm.Template = vm.Template.Clone()
			vm.Template.Add(disk(1))
			vm.Template.Add(nic(1))
			return vm
		},
		PowerOff: func(t *testing.T, vm drivers.VM) {
			if err := d.SetState(node1.Name, vm.ID, drivers.DomainOff); err != nil {
				t.Fatal(err)
			}
		},
	}
}

func newVM(id int) drivers.VM {
	var tmpl attr.Template
	tmpl.Set("CPU", "0.5")
	tmpl.Set("MEMORY", "128")
	tmpl.Add(disk(0))
	tmpl.Add(nic(0))
	return drivers.VM{ID: id, Name: fmt.Sprintf("vm%d", id), Template: tmpl, Dir: fmt.Sprintf("/ds/0/%d", id)}
}

func disk(id int) attr.Attr {
	return attr.NewVector("DISK", attr.Pair{Key: "DISK_ID", Value: fmt.Sprint(id)}, attr.Pair{Key: "SIZE", Value: "1024"})
}

func nic(id int) attr.Attr {
	return attr.NewVector("NIC", attr.Pair{Key: "NIC_ID", Value: fmt.Sprint(id)})
}

func deploy(t *testing.T, d *dummy.Driver, vm drivers.VM) string {
	t.Helper()
	id, err := d.On(node1).Deploy(t.Context(), vm)
	if err != nil {
		t.Fatalf("Deploy: %v", err)
	}
	return id
}

func TestDeployIDIsAsOneds(t *testing.T) {
	t.Parallel()
	if got, want := deploy(t, dummy.New(dummy.Settings{}), newVM(7)), "node1:vm7:dummy"; got != want {
		t.Errorf("Deploy = %q, want %q", got, want)
	}
}

func TestMonitorIsAsOneds(t *testing.T) {
	t.Parallel()
	d := dummy.New(dummy.Settings{})
	got, err := d.On(node1).Monitor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := drivers.HostReport{
		Hypervisor: "dummy", Arch: "x86_64", ModelName: "Dummy(R) Core @ 3.2GHz", CPUMHz: 3200, HostName: "node1",
		TotalCPU: 800, UsedCPU: 50, TotalMemoryKiB: 16777216, UsedMemoryKiB: 1048576,
		NetRxBytes: 2000, NetTxBytes: 1000,
		DatastoresMiB: drivers.Usage{TotalMiB: 20480, UsedMiB: 9720, FreeMiB: 20480},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Monitor (-want +got):\n%s", diff)
	}
}

func TestFactsChangeAHost(t *testing.T) {
	t.Parallel()
	for name, dir := range map[string]string{"memory": "", "folder": t.TempDir()} {
		d := dummy.New(dummy.Settings{Dir: dir})
		if err := d.SetFacts(node1.Name, dummy.Facts{TotalCPU: 3200, TotalMemoryKiB: 1 << 30}); err != nil {
			t.Fatal(err)
		}
		r, err := d.On(node1).Monitor(t.Context())
		if err != nil || r.TotalCPU != 3200 || r.TotalMemoryKiB != 1<<30 {
			t.Errorf("%s: Monitor = %+v, %v", name, r, err)
		}
		if err := d.SetFacts(node1.Name, dummy.Facts{Down: true}); err != nil {
			t.Fatal(err)
		}
		if _, err := d.On(node1).Deploy(t.Context(), newVM(1)); err == nil {
			t.Errorf("%s: Deploy on a host that is down: no error", name)
		}
		if err := d.On(node2).(drivers.Migrator).Migrate(t.Context(), newVM(1), node1); err == nil {
			t.Errorf("%s: Migrate to a host that is down: no error", name)
		}
	}
}

// A second driver for the same folder is what there is after a kill -9 of the server.
func TestFolderOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	before := dummy.New(dummy.Settings{Dir: dir})
	awake, asleep := newVM(1), newVM(2)
	awake.DeployID, asleep.DeployID = deploy(t, before, awake), deploy(t, before, asleep)
	if err := before.On(node1).Save(t.Context(), asleep, "/ds/0/2/checkpoint"); err != nil {
		t.Fatal(err)
	}

	after := dummy.New(dummy.Settings{Dir: dir})
	ds, err := after.On(node1).Poll(t.Context())
	if err != nil || len(ds) != 1 || ds[0].VMID != awake.ID || ds[0].State != drivers.DomainRunning {
		t.Fatalf("Poll = %+v, %v; want VM 1 running", ds, err)
	}
	id, err := after.On(node2).Restore(t.Context(), asleep, "/ds/0/2/checkpoint")
	if err != nil || id != asleep.DeployID {
		t.Errorf("Restore on another host = %q, %v; want %q", id, err, asleep.DeployID)
	}
}

// Edited files take effect with the next call.
func TestEditedFilesTakeEffect(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := dummy.New(dummy.Settings{Dir: dir})
	deploy(t, d, newVM(1))
	file := filepath.Join(dir, "hosts", "node1", "one-1.json")
	if err := os.WriteFile(file, []byte(`{"vmid":1,"deploy_id":"x","state":"failed"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	ds, err := d.On(node1).Poll(t.Context())
	if err != nil || len(ds) != 1 || ds[0].State != drivers.DomainFailed {
		t.Errorf("Poll = %+v, %v; want one that failed", ds, err)
	}
	if err := os.WriteFile(file, []byte(`{"state":"asleep"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.On(node1).Poll(t.Context()); err == nil {
		t.Error("Poll of a file with a state that does not exist: no error")
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if ds, err := d.On(node1).Poll(t.Context()); err != nil || len(ds) != 0 {
		t.Errorf("Poll = %+v, %v; want nothing", ds, err)
	}
}

func TestHostNamesStayInsideTheFolder(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	d := dummy.New(dummy.Settings{Dir: filepath.Join(root, "world")})
	for _, name := range []string{"..", ".", "../../evil", "a/b", "[x]*"} {
		hv := d.On(drivers.Host{Name: name})
		if _, err := hv.Deploy(t.Context(), newVM(1)); err != nil {
			t.Errorf("Deploy on %q: %v", name, err)
		}
		if ds, err := hv.Poll(t.Context()); err != nil || len(ds) != 1 {
			t.Errorf("Poll of %q = %v, %v; want one domain", name, ds, err)
		}
	}
	hosts, err := filepath.Glob(filepath.Join(root, "world", "hosts", "*"))
	if err != nil || len(hosts) != 5 {
		t.Errorf("hosts = %q, %v; want 5", hosts, err)
	}
}

func TestScriptedResults(t *testing.T) {
	t.Parallel()
	actions := t.TempDir()
	d := dummy.New(dummy.Settings{ActionsDir: actions})
	script(t, actions, "deploy", "success\nfailure\n0\n1\n")
	for i, works := range []bool{true, false, false, true, true, false} {
		_, err := d.On(node1).Deploy(t.Context(), newVM(i))
		if (err == nil) != works {
			t.Errorf("Deploy %d = %v, want it to work: %v", i, err, works)
		}
	}
	script(t, actions, "cancel", "failure")
	if err := d.On(node1).Destroy(t.Context(), newVM(0)); err == nil {
		t.Error("Destroy: no error")
	}
	script(t, actions, "cancel", "")
	if err := d.On(node1).Destroy(t.Context(), newVM(0)); err != nil {
		t.Errorf("Destroy with an empty script: %v", err)
	}
}

// Actions on a running VM that oned's dummy hypervisor can be told to fail.
func TestScriptedChangesOfARunningVM(t *testing.T) {
	t.Parallel()
	actions := t.TempDir()
	d := dummy.New(dummy.Settings{ActionsDir: actions})
	vm, hv := newVM(1), d.On(node1)
	deploy(t, d, vm)
	for _, c := range []struct {
		action string
		do     func() error
	}{
		{"attach_nic", func() error { return hv.(drivers.AliasPlugger).AttachAlias(t.Context(), vm, 1) }},
		{"detach_nic", func() error { return hv.(drivers.AliasPlugger).DetachAlias(t.Context(), vm, 1) }},
		{"update_nic", func() error { return hv.(drivers.NICTuner).TuneNIC(t.Context(), vm, 0) }},
		{"disk_snapshot_create", func() error { return hv.(drivers.DiskSnapper).SnapDisk(t.Context(), vm, 0, 0) }},
	} {
		if err := c.do(); err != nil {
			t.Errorf("%s: %v", c.action, err)
		}
		script(t, actions, c.action, "failure")
		if err := c.do(); err == nil {
			t.Errorf("%s that is told to fail: no error", c.action)
		}
	}
}

// Disks may be moved while the VM stays on its host.
func TestMigrationWithinAHost(t *testing.T) {
	t.Parallel()
	d := dummy.New(dummy.Settings{})
	vm, hv := newVM(1), d.On(node1)
	deploy(t, d, vm)
	if err := hv.(drivers.Migrator).Migrate(t.Context(), vm, node1); err != nil {
		t.Fatal(err)
	}
	if ds, err := hv.Poll(t.Context()); err != nil || len(ds) != 1 || ds[0].State != drivers.DomainRunning {
		t.Errorf("Poll = %v, %v; want the VM running", ds, err)
	}
}

func TestScriptedSilenceEndsWithTheContext(t *testing.T) {
	t.Parallel()
	actions := t.TempDir()
	script(t, actions, "shutdown", "-\nsuccess 30")
	synctest.Test(t, func(t *testing.T) {
		d := dummy.New(dummy.Settings{ActionsDir: actions})
		vm := newVM(1)
		deploy(t, d, vm)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if err := d.On(node1).Shutdown(ctx, vm); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Shutdown = %v, want %v", err, context.DeadlineExceeded)
		}
		start := time.Now()
		if err := d.On(node1).Shutdown(t.Context(), vm); err != nil || time.Since(start) != 30*time.Second {
			t.Errorf("Shutdown = %v after %v, want nil after 30s", err, time.Since(start))
		}
	})
}

func TestDelaysAndFailuresByChance(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := dummy.New(dummy.Settings{
			MinDelay: time.Second, MaxDelay: 3 * time.Second, FailureRate: 0.6,
			Chance: func() float64 { return 0.5 },
		})
		start := time.Now()
		if _, err := d.On(node1).Deploy(t.Context(), newVM(1)); err == nil {
			t.Error("Deploy: no error")
		}
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("Deploy took %v, want 2s", took)
		}
	})
}

func TestCountersGrow(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	d := dummy.New(dummy.Settings{Now: func() time.Time { return now }})
	deploy(t, d, newVM(1))
	now = now.Add(time.Minute)
	ds, err := d.On(node1).Poll(t.Context())
	if err != nil || len(ds) != 1 {
		t.Fatalf("Poll = %v, %v", ds, err)
	}
	got := ds[0]
	if got.CPUPercent < 2.5 || got.CPUPercent > 50 || got.MemoryKiB < 26214 || got.MemoryKiB > 131072 {
		t.Errorf("CPU %v %%, memory %v KiB: outside of what the VM has", got.CPUPercent, got.MemoryKiB)
	}
	if got.NetRxBytes != 12000 || got.DiskSizesMiB[0] != 1024 {
		t.Errorf("NetRxBytes %d, DiskSizesMiB %v; want 12000 and 1024 of disk 0", got.NetRxBytes, got.DiskSizesMiB)
	}
}

func TestCapacityResizeIsRefusedAsOnedDoes(t *testing.T) {
	t.Parallel()
	hv := dummy.New(dummy.Settings{}).On(node1)
	err := hv.(drivers.Resizer).ResizeCapacity(t.Context(), newVM(1), 2, 256)
	if !errors.Is(err, one.ErrAction) || err.Error() != "Hotplug resize not supported by driver dummy" {
		t.Errorf("ResizeCapacity = %v", err)
	}
}

func script(t *testing.T, dir, action, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, action), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkDeploy500(b *testing.B) {
	for _, place := range []string{"memory", "folder"} {
		b.Run(place, func(b *testing.B) {
			for b.Loop() {
				s := dummy.Settings{}
				if place == "folder" {
					s.Dir = b.TempDir()
				}
				deployAll(b, dummy.New(s), 500)
			}
		})
	}
}

func deployAll(b *testing.B, d *dummy.Driver, n int) {
	var g errgroup.Group
	g.SetLimit(50)
	for id := range n {
		g.Go(func() error {
			_, err := d.On(node1).Deploy(b.Context(), newVM(id))
			return err
		})
	}
	if err := g.Wait(); err != nil {
		b.Fatal(err)
	}
}
