package vm

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

func TestNameNIC(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"": "NIC0", "eth0": "eth0", "NIC3": "_NIC3", "NIC1_ALIAS2": "_NIC1_ALIAS2", "NIC": "NIC", "xNIC3": "xNIC3", "NIC3b": "NIC3b",
	} {
		nic := attr.NewVector("NIC", attr.Pair{Key: "NAME", Value: name})
		if nameNIC(&nic, "NIC0"); nic.Get("NAME") != want {
			t.Errorf("a NIC called %q: got %q, want %q", name, nic.Get("NAME"), want)
		}
	}
}
