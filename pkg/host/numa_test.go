package host_test

import (
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/numa"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// TestNodeAttrs: cores with the VMs that have their CPUs, hugepages and memory.
func TestNodeAttrs(t *testing.T) {
	t.Parallel()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{host.Kind.Table, host.Samples, cluster.Kind.Table}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	update := func(fn func(tx *store.Tx) error) {
		t.Helper()
		if err := st.Update(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
	}
	shown := func() string {
		h, err := host.Kind.Get(st.Read(), 0)
		if err != nil {
			t.Fatal(err)
		}
		node := host.NodeAttrs(&h.NUMA.Nodes[0], h.NUMA.Use())
		return string(node.AppendXML(nil, "NODE"))
	}
	update(func(tx *store.Tx) error {
		h := &host.Host{Meta: object.Meta{Name: "a"}, State: one.HostMonitored}
		h.Template.Set("ISOLCPUS", "3, 1,x")
		h.Template.Set("VMS_THREAD", "2")
		host.Kind.Put(tx, h)
		host.Seen(tx, 0, drivers.HostReport{NUMA: []numa.Node{{
			MemoryKiB: 4096, Distance: []int{0, 1}, Pages: []numa.Hugepages{{SizeKiB: 2048, Count: 2}},
			Cores: []numa.Core{{ID: 0, CPUs: []int{0, 2}}, {ID: 4, CPUs: []int{1, 3}}, {ID: 5, CPUs: []int{4, 5}}},
		}}})
		for vm, policy := range []numa.Policy{numa.PinCore, numa.PinThread, numa.PinThread} {
			w := numa.Wish{Policy: policy, Affinity: numa.Anywhere, PageKiB: 2048, Nodes: []numa.Need{{CPUs: 1, MemoryKiB: 512}}}
			if _, err := host.AssignNUMA(tx, 0, 7+vm, w); err != nil {
				t.Error(err)
			}
		}
		return nil
	})
	core := func(cpus, dedicated, free, id string) string {
		return "<CORE><CPUS><![CDATA[" + cpus + "]]></CPUS><DEDICATED><![CDATA[" + dedicated + "]]></DEDICATED><FREE><![CDATA[" + free + "]]></FREE><ID><![CDATA[" + id + "]]></ID></CORE>"
	}
	const rest = "<HUGEPAGE><PAGES><![CDATA[2]]></PAGES><SIZE><![CDATA[2048]]></SIZE><USAGE><![CDATA[0]]></USAGE></HUGEPAGE>" +
		"<MEMORY><DISTANCE><![CDATA[0 1]]></DISTANCE><TOTAL><![CDATA[4096]]></TOTAL><USAGE><![CDATA[1536]]></USAGE></MEMORY><NODE_ID><![CDATA[0]]></NODE_ID></NODE>"
	want := "<NODE>" + core("0:7,2:-1", "YES", "0", "0") + core("1:-2,3:-2", "NO", "0", "4") + core("4:8,4:9,5:-1", "NO", "2", "5") + rest
	if got := shown(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// The same monitoring data change nothing; reservations end with their attribute.
	update(func(tx *store.Tx) error {
		host.Seen(tx, 0, drivers.HostReport{})
		return host.Kind.Update(tx, &one.Caller{}, 0, "NOTE=1", false, nil)
	})
	want = "<NODE>" + core("0:7,2:-1", "YES", "0", "0") + core("1:-1,3:-1", "NO", "2", "4") + core("4:8,4:9,5:-1", "NO", "0", "5") + rest
	if got := shown(); got != want {
		t.Errorf("afterwards\ngot  %s\nwant %s", got, want)
	}
}
