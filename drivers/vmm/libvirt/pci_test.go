package libvirt

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
)

func TestPCIDevices(t *testing.T) {
	t.Parallel()
	const text = "0000:00:00.0 0x8086 0x1237 0x060000 -1\n" +
		"0000:3b:00.1 0x8086 0x10ca 0x020000 1\nnonsense\n" +
		"0001:81:1f.7 0x10de 0x1eb8 0x030200 0\n"
	card := drivers.PCIDevice{Address: "0000:3b:00:1", Vendor: "8086", Device: "10ca", Class: "0200", NUMANode: 1}
	gpu := drivers.PCIDevice{Address: "0001:81:1f:7", Vendor: "10de", Device: "1eb8", Class: "0302"}
	for _, c := range []struct {
		filters []string
		want    []drivers.PCIDevice
	}{
		{nil, nil},
		{[]string{"8086:10CA"}, []drivers.PCIDevice{card}},
		{[]string{"::0302", "8086::0200"}, []drivers.PCIDevice{card, gpu}},
		{[]string{"10de:beef"}, nil},
		{[]string{"10de:1eb8:0302:00"}, nil},
	} {
		if diff := cmp.Diff(c.want, readPCI(text, c.filters)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.filters, diff)
		}
	}
}
