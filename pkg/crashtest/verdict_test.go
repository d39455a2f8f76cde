package crashtest

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/server"
)

// vmState is a VM in the answer of one.vmpool.info.
type vmState struct {
	ID    int          `xml:"ID"`
	State one.VMState  `xml:"STATE"`
	LCM   one.LCMState `xml:"LCM_STATE"`
	Host  string       `xml:"HISTORY_RECORDS>HISTORY>HOSTNAME"`
}

func (h *testServer) vms() ([]vmState, error) {
	a, err := h.Call(context.Background(), "one.vmpool.info", -2, -1, -1, -2)
	if err != nil {
		return nil, err
	}
	var pool struct {
		VMs []vmState `xml:"VM"`
	}
	return pool.VMs, xml.Unmarshal([]byte(a.Text), &pool)
}

// rests are the states that a VM leaves only on a user's request.
var rests = []one.VMState{one.VMHold, one.VMStopped, one.VMSuspended, one.VMDone, one.VMPoweroff, one.VMUndeployed}

func (v vmState) rests() bool {
	return slices.Contains(rests, v.State) || v.State == one.VMActive && v.LCM == one.LCMRunning
}

// settled waits until every VM is in such a state, or running, without recovering any.
func (h *testServer) settled(t *testing.T) []vmState {
	t.Helper()
	var vms []vmState
	await(t, h.load().patience, "rest of every VM", func() (err error) {
		if vms, err = h.vms(); err != nil {
			return err
		}
		for _, v := range vms {
			if !v.rests() {
				return fmt.Errorf("VM %d is %v/%v", v.ID, v.State, v.LCM)
			}
		}
		return nil
	})
	return vms
}

// checkConfirmed compares the server's VMs with what it has confirmed to clients.
func (h *testServer) checkConfirmed(t *testing.T, l *ledger, vms []vmState) {
	t.Helper()
	now := map[int]vmState{}
	for _, v := range vms {
		now[v.ID] = v
	}
	for _, id := range l.known {
		if v, ok := now[id]; !ok {
			t.Errorf("VM %d is lost", id)
		} else if l.ended[id] && v.State != one.VMDone {
			t.Errorf("VM %d was terminated and is %v/%v", id, v.State, v.LCM)
		}
	}
}

// runs compares the hosts with the VMs: each running VM has its domain on its host, and there
// are no other domains. It tries again for a while, as monitoring may be about to report a
// domain.
func (h *testServer) runs(t *testing.T) {
	t.Helper()
	await(t, h.load().patience, "agreement of hosts and VMs", func() error {
		vms, err := h.vms()
		if err != nil {
			return err
		}
		want := map[int]string{}
		for _, v := range vms {
			if v.State == one.VMActive {
				want[v.ID] = v.Host
			}
		}
		have, err := h.domains(h)
		return errors.Join(err, compare(want, have))
	})
}

func compare(want, have map[int]string) error {
	var errs []error
	for id, host := range want {
		if have[id] != host {
			errs = append(errs, fmt.Errorf("VM %d runs on %q, its domain on %q", id, host, have[id]))
		}
	}
	for id, host := range have {
		if _, ok := want[id]; !ok {
			errs = append(errs, fmt.Errorf("VM %d does not run, its domain does on %q", id, host))
		}
	}
	return errors.Join(errs...)
}

// audit runs fsck on the data of a stopped server.
func (h *testServer) audit(t *testing.T) {
	t.Helper()
	health, err := server.Fsck(t.Context(), h.data(), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range health.Wrong {
		t.Error(f)
	}
}

// free checks that all capacity, leases and quotas have been released.
func (h *testServer) free(t *testing.T) {
	t.Helper()
	for _, left := range []struct{ method, path string }{
		{"one.hostpool.info", "HOST/HOST_SHARE/RUNNING_VMS"},
		{"one.hostpool.info", "HOST/HOST_SHARE/CPU_USAGE"},
		{"one.hostpool.info", "HOST/HOST_SHARE/MEM_USAGE"},
		{"one.imagepool.info", "IMAGE/RUNNING_VMS"},
		{"one.vnpool.info", "VNET/USED_LEASES"},
		{"one.userpool.info", "QUOTAS/VM_QUOTA/VM/VMS_USED"},
		{"one.userpool.info", "QUOTAS/VM_QUOTA/VM/MEMORY_USED"},
		{"one.userpool.info", "QUOTAS/NETWORK_QUOTA/NETWORK/LEASES_USED"},
		{"one.userpool.info", "QUOTAS/IMAGE_QUOTA/IMAGE/RVMS_USED"},
	} {
		var args []any
		if left.method == "one.imagepool.info" || left.method == "one.vnpool.info" {
			args = []any{-2, -1, -1}
		}
		values := find(t, must(t, h.Client, left.method, args...).Text, left.path)
		if len(values) == 0 {
			t.Errorf("%s tells no %s", left.method, left.path)
		}
		for _, v := range values {
			if v != "0" && v != "0.00" {
				t.Errorf("%s: %s is %s", left.method, left.path, v)
			}
		}
	}
}
