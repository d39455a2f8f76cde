package vm

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// Only bandwidth limits of a NIC can be updated.
func TestUpdateNICChangesBandwidthOnly(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		given   string
		merge   bool
		want    string
		changed bool
	}{
		{`INBOUND_AVG_BW=5`, true, `BRIDGE="br0",INBOUND_AVG_BW="5",OUTBOUND_AVG_BW="2"`, true},
		{`INBOUND_AVG_BW=5`, false, `BRIDGE="br0",INBOUND_AVG_BW="5"`, true},
		{`INBOUND_AVG_BW=1`, true, `BRIDGE="br0",INBOUND_AVG_BW="1",OUTBOUND_AVG_BW="2"`, false},
		{`BRIDGE=br7,VLAN_ID=9,FILTER_MAC_SPOOFING=NO,IP="10.0.0.1"`, true, `BRIDGE="br0",INBOUND_AVG_BW="1",OUTBOUND_AVG_BW="2"`, false},
	} {
		nic := template(`NIC=[BRIDGE=br0,INBOUND_AVG_BW=1,OUTBOUND_AVG_BW=2]`).Vector("NIC")
		changed := changeNIC(nic, template("NIC=["+tt.given+"]").Vector("NIC"), tt.merge)
		want := attr.Template{*template("NIC=[" + tt.want + "]").Vector("NIC")}
		if diff := cmp.Diff(want.Text(), attr.Template{*nic}.Text()); diff != "" || changed != tt.changed {
			t.Errorf("%s, merged %v: changed %v (-want +got):\n%s", tt.given, tt.merge, changed, diff)
		}
	}
}
