package libvirt

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	lv "libvirt.org/go/libvirt"

	"github.com/renkei-vpe/renkei/pkg/numa"
)

func TestNUMANodes(t *testing.T) {
	t.Parallel()
	const capabilities = `<capabilities><host><topology><cells num='2'>
  <cell id='0'>
    <memory unit='KiB'>8192</memory>
    <pages unit='KiB' size='4'>1024</pages><pages unit='KiB' size='1048576'>1</pages><pages unit='KiB' size='2048'>2</pages>
    <distances><sibling id='1' value='21'/><sibling id='0' value='10'/></distances>
    <cpus num='6'>
      <cpu id='0' socket_id='0' core_id='0' siblings='0,4'/><cpu id='4' socket_id='0' core_id='0' siblings='0,4'/>
      <cpu id='1' socket_id='1' core_id='0' siblings='1,5'/><cpu id='5' socket_id='1' core_id='0' siblings='1,5'/>
      <cpu id='6' socket_id='1' core_id='9' siblings='6-7'/><cpu id='7' socket_id='1' core_id='9' siblings='6-7'/>
    </cpus>
  </cell>
  <cell id='1'><cpus num='1'><cpu id='2'/></cpus></cell>
</cells></topology></host></capabilities>`
	want := []numa.Node{
		{
			ID: 0, MemoryKiB: 8192, Distance: []int{0, 1}, Pages: []numa.Hugepages{{SizeKiB: 2048, Count: 2}, {SizeKiB: 1048576, Count: 1}},
			Cores: []numa.Core{{ID: 0, CPUs: []int{0, 4}}, {ID: 1, CPUs: []int{1, 5}}, {ID: 9, CPUs: []int{6, 7}}},
		},
		{ID: 1, Cores: []numa.Core{{ID: 2, CPUs: []int{2}}}},
	}
	got, err := readNodes(capabilities)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if got, err := readNodes("<capabilities><host/></capabilities>"); got != nil || err != nil {
		t.Errorf("of a host without nodes: %+v, %v", got, err)
	}
	if _, err := readNodes("no XML"); err == nil {
		t.Error("nonsense was read")
	}
}

// gauge is a host with data of two nodes, and free pages of one size.
type gauge struct{}

func (gauge) GetMemoryStats(node int, _ uint32) (*lv.NodeMemoryStats, error) {
	if node > 1 {
		return nil, errors.New("no such node")
	}
	return &lv.NodeMemoryStats{TotalSet: true, Total: 1000, FreeSet: node == 0, Free: 300}, nil
}

func (gauge) GetFreePages(sizes []uint64, _ int, _ uint, _ uint32) ([]uint64, error) {
	if sizes[0] != 2048 {
		return nil, errors.New("no such pages")
	}
	return []uint64{7}, nil
}

// TestLoadOfNodes: what a host does not report is omitted.
func TestLoadOfNodes(t *testing.T) {
	t.Parallel()
	pages := []numa.Hugepages{{SizeKiB: 2048, Count: 9}, {SizeKiB: 1 << 20, Count: 1}}
	got := loadOf(gauge{}, []numa.Node{{ID: 0, Pages: pages}, {ID: 1}, {ID: 2}})
	want := []numa.Load{{NodeID: 0, UsedKiB: 700, FreeKiB: 300, Pages: []numa.FreePages{{SizeKiB: 2048, Free: 7}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
