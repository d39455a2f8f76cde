package one

import "testing"

// TestWhatIsCheckedFirst: which error is reported if a call has several. alice has no rights,
// and gets the errors that are checked before them.
func TestWhatIsCheckedFirst(t *testing.T) {
	t.Parallel()
	f := newVNFace(t)
	f.expect("0", "one.vn.allocate", "NAME=net1\nVN_MAD=dummy\nBRIDGE=br0\nAR=[TYPE=IP4,IP=192.168.0.10,SIZE=10]", int32(-1))
	f.expect("0", "one.vm.allocate", "CPU=1\nMEMORY=64\nNIC=[NETWORK_ID=0]\nNIC_ALIAS=[NETWORK_ID=0,PARENT=NIC0]", true)
	f.expect("1", "one.vm.allocate", "CPU=1\nMEMORY=64\nVROUTER_ID=7", true)
	const (
		noRight   = "User [2] : Not authorized to perform "
		unclosed  = "NIC=["
		broken    = "Parse error: syntax error, unexpected $end, expecting CBRACKET or VARIABLE at line 1, columns 5:6"
		ofRouter  = "Action is not supported for virtual router VMs"
		noNetwork = "Error getting virtual network [99]."
	)
	none, card, router, missing := int32(0), int32(0), int32(1), int32(99)
	for name, c := range map[string]struct {
		method string
		args   []any
		want   string
	}{
		"attachnic: the VM, then the template":    {"one.vm.attachnic", []any{missing, unclosed}, "Error getting virtual machine [99]."},
		"attachnic: the router, then the rest":    {"one.vm.attachnic", []any{router, unclosed}, ofRouter},
		"attachnic: the template, then rights":    {"one.vm.attachnic", []any{none, unclosed}, broken},
		"attachnic: rights, then what it names":   {"one.vm.attachnic", []any{none, "A=1"}, noRight + "MANAGE VM [0]."},
		"updatenic: the VM, then the card":        {"one.vm.updatenic", []any{missing, int32(7), unclosed}, "Error getting virtual machine [99]."},
		"updatenic: the router, then the card":    {"one.vm.updatenic", []any{router, int32(7), unclosed}, ofRouter},
		"updatenic: the card, then the template":  {"one.vm.updatenic", []any{none, int32(7), unclosed}, "VM 0: NIC 7 does not exists"},
		"updatenic: an alias, then the template":  {"one.vm.updatenic", []any{none, int32(1), unclosed}, "Action not supported for NIC_ALIAS"},
		"updatenic: the template, then rights":    {"one.vm.updatenic", []any{none, card, unclosed}, broken},
		"updatenic: rights at last":               {"one.vm.updatenic", []any{none, card, "NIC=[A=1]"}, noRight + "MANAGE VM [0]."},
		"vn.allocate: the template first":         {"one.vn.allocate", []any{unclosed, missing}, broken},
		"vn.allocate: the cluster, then rights":   {"one.vn.allocate", []any{"A=1", missing}, "Error getting cluster [99]."},
		"vn.allocate: rights, then what it lacks": {"one.vn.allocate", []any{"A=1", int32(-1)}, noRight + "CREATE NET; Not authorized to perform ADMIN CLUSTER [0]."},
		"vn.recover: the operation first":         {"one.vn.recover", []any{missing, int32(9)}, "Wrong recovery operation code"},
		"vn.recover: the network, then rights":    {"one.vn.recover", []any{missing, int32(0)}, noNetwork},
		"vn.recover: rights, then the state":      {"one.vn.recover", []any{none, int32(0)}, noRight + "MANAGE NET [0]."},
	} {
		if got := f.call("alice", c.method, c.args...); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
