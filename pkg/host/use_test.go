package host_test

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// TestUse: with RENKEI-VPE's probes, the usage is what is allocated to VMs.
func TestUse(t *testing.T) {
	t.Parallel()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{host.Kind.Table, host.Samples}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	var words attr.Template
	words.Set("IM_MAD", "im_rvpe")
	share := host.Share{CPUUsage: 100, MaxCPU: 400, MemUsageKiB: 1 << 20, MaxMemKiB: 4 << 20}
	hosts := []*host.Host{{Meta: object.Meta{Name: "a"}, Share: share}, {Meta: object.Meta{ID: 1, Name: "b", Legacy: words}, Share: share}, {Meta: object.Meta{ID: 2, Name: "c"}}}
	err = st.Update(t.Context(), func(tx *store.Tx) error {
		for _, h := range hosts {
			host.Kind.Put(tx, h)
		}
		for id := range 2 {
			host.Samples.Put(tx, store.ID(id), &host.Sample{UsedCPU: 350, FreeCPU: 50, UsedMemoryKiB: 7, FreeMemoryKiB: 9})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []host.Use{
		{UsedCPU: 350, FreeCPU: 50, UsedMemoryKiB: 7, FreeMemoryKiB: 9},
		{UsedCPU: 100, FreeCPU: 300, UsedMemoryKiB: 1 << 20, FreeMemoryKiB: 3 << 20},
		{},
	} {
		if got, seen := hosts[i].Use(st.Read()); got != want || seen != (i < 2) {
			t.Errorf("host %d: got %+v, %v; want %+v", i, got, seen, want)
		}
	}
}
