package one

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// newVNFace has the default cluster and the default security group.
func newVNFace(t *testing.T) *vmFace {
	t.Helper()
	f := newVMFace(t)
	err := f.s.Store.Update(t.Context(), func(tx *store.Tx) error {
		cluster.Kind.Put(tx, &cluster.Cluster{Meta: object.Meta{ID: 0, Name: "default"}})
		secgroup.Setup(tx)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// expect makes a call as oneadmin and compares its answer.
func (f *vmFace) expect(want, name string, args ...any) {
	f.t.Helper()
	if got := f.call("oneadmin", name, args...); got != want {
		f.t.Errorf("%s%v: got %q, want %q", name, args, got, want)
	}
}

// pool1 makes a network with a lease on hold and a reservation.
func (f *vmFace) pool1() {
	f.t.Helper()
	f.expect("0", "one.vn.allocate", "NAME=net1\nVN_MAD=dummy\nBRIDGE=br0\nAR=[TYPE=IP4,IP=192.168.0.10,SIZE=100]", int32(-1))
	f.expect("0", "one.vn.hold", int32(0), "LEASES=[IP=192.168.0.20]")
	f.expect("1", "one.vn.reserve", int32(0), "SIZE=2\nNAME=resv1")
}

// between returns the part of an answer from one tag to another.
func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	part, _, _ := strings.Cut(rest, to)
	return part
}

func TestLeasesInNetworks(t *testing.T) {
	t.Parallel()
	f := newVNFace(t)
	f.pool1()
	info := f.call("oneadmin", "one.vn.info", int32(0), false)
	const ar = "<AR_ID><![CDATA[0]]></AR_ID><IP><![CDATA[192.168.0.10]]></IP><MAC><![CDATA[02:00:c0:a8:00:0a]]></MAC>" +
		"<NEXT_INDEX><![CDATA[2]]></NEXT_INDEX><SHARED><![CDATA[NO]]></SHARED><SIZE><![CDATA[100]]></SIZE><TYPE><![CDATA[IP4]]></TYPE>"
	const ends = "<MAC_END><![CDATA[02:00:c0:a8:00:6d]]></MAC_END><IP_END><![CDATA[192.168.0.109]]></IP_END>"
	lease := func(ip, mac, holder, id string) string {
		return "<LEASE><IP><![CDATA[" + ip + "]]></IP><MAC><![CDATA[" + mac + "]]></MAC><" + holder + "><![CDATA[" + id + "]]></" + holder + "></LEASE>"
	}
	want := ar + ends + "<USED_LEASES>3</USED_LEASES><LEASES>" +
		lease("192.168.0.10", "02:00:c0:a8:00:0a", "VNET", "1") + lease("192.168.0.11", "02:00:c0:a8:00:0b", "VNET", "1") +
		lease("192.168.0.20", "02:00:c0:a8:00:14", "VM", "-1") + "</LEASES>"
	if diff := cmp.Diff(want, between(info, "<AR>", "</AR>")); diff != "" {
		t.Errorf("one.vn.info (-want +got):\n%s", diff)
	}
	pool := f.call("oneadmin", "one.vnpool.info", int32(-2), int32(0), int32(0))
	want = "<ALLOCATED><![CDATA[ 0 274877906945 1 274877906945 10 73014444031]]></ALLOCATED>" + ar
	if diff := cmp.Diff(want, between(pool, "<AR>", "</AR>")); diff != "" {
		t.Errorf("one.vnpool.info (-want +got):\n%s", diff)
	}
}

func TestOthersSeeNoForeignLeases(t *testing.T) {
	t.Parallel()
	f := newVNFace(t)
	f.pool1()
	f.expect("0", "one.vn.chmod", int32(0), int32(1), int32(1), int32(0), int32(0), int32(0), int32(0), int32(1), int32(0), int32(0))
	leases := func() string {
		return between(f.call("alice", "one.vn.info", int32(0), false), "<USED_LEASES>3</USED_LEASES><LEASES>", "</LEASES>")
	}
	if got := leases(); got != "" {
		t.Errorf("alice sees %s, want nothing", got)
	}
	f.expect("1", "one.vn.chmod", int32(1), int32(1), int32(1), int32(0), int32(0), int32(0), int32(0), int32(1), int32(0), int32(0))
	if got := regexp.MustCompile(`<VNET><!\[CDATA\[1]]>`).FindAllString(leases(), -1); len(got) != 2 {
		t.Errorf("alice sees %d leases of the network that she may use, want 2", len(got))
	}
}

func TestRefusedReservationsUseUpAnID(t *testing.T) {
	t.Parallel()
	f := newVNFace(t)
	f.pool1()
	f.expect("Not enough free addresses in an address range", "one.vn.reserve", int32(0), "SIZE=500\nNAME=r9")
	f.expect("3", "one.vn.reserve", int32(0), "SIZE=2\nNAME=r2")
	f.expect("NAME for reservation has to be set", "one.vn.reserve", int32(0), "SIZE=5")
	f.expect("4", "one.vn.reserve", int32(0), "SIZE=2\nNAME=r3")
}

func TestRightsOnNetworks(t *testing.T) {
	t.Parallel()
	f := newVNFace(t)
	f.pool1()
	const no = "User [2] : Not authorized to perform "
	for _, c := range []struct {
		method string
		args   []any
		want   string
	}{
		{"one.vn.allocate", []any{"NAME=x\nVN_MAD=bridge", int32(-1)}, no + "CREATE NET; Not authorized to perform ADMIN CLUSTER [0]."},
		{"one.vn.info", []any{int32(0), false}, no + "USE NET [0]."},
		{"one.vn.add_ar", []any{int32(0), "AR=[TYPE=ETHER,SIZE=1]"}, no + "ADMIN NET [0]."},
		{"one.vn.rm_ar", []any{int32(0), int32(0)}, no + "ADMIN NET [0]."},
		{"one.vn.free_ar", []any{int32(0), int32(0)}, no + "MANAGE NET [0]."},
		{"one.vn.hold", []any{int32(0), ""}, no + "MANAGE NET [0]."},
		{"one.vn.reserve", []any{int32(0), "SIZE=1\nNETWORK_ID=1"}, no + "USE NET [0]; Not authorized to perform MANAGE NET [1]."},
		{"one.vn.recover", []any{int32(0), int32(1)}, no + "MANAGE NET [0]."},
		{"one.secgroup.clone", []any{int32(0), "x"}, no + "CREATE SECGROUP [0]; Not authorized to perform CREATE SECGROUP."},
		{"one.secgroup.commit", []any{int32(0), false}, no + "MANAGE SECGROUP [0]."},
	} {
		if got := f.call("alice", c.method, c.args...); got != c.want {
			t.Errorf("%s%v: got %q, want %q", c.method, c.args, got, c.want)
		}
	}
}

func TestSecurityGroupOfTheFirstStart(t *testing.T) {
	t.Parallel()
	f := newVNFace(t)
	const want = "<SECURITY_GROUP><ID>0</ID><UID>0</UID><GID>0</GID><UNAME>oneadmin</UNAME><GNAME>oneadmin</GNAME><NAME>default</NAME>" +
		"<PERMISSIONS><OWNER_U>1</OWNER_U><OWNER_M>1</OWNER_M><OWNER_A>1</OWNER_A><GROUP_U>1</GROUP_U><GROUP_M>0</GROUP_M><GROUP_A>0</GROUP_A>" +
		"<OTHER_U>1</OTHER_U><OTHER_M>0</OTHER_M><OTHER_A>0</OTHER_A></PERMISSIONS>" +
		"<UPDATED_VMS></UPDATED_VMS><OUTDATED_VMS></OUTDATED_VMS><UPDATING_VMS></UPDATING_VMS><ERROR_VMS></ERROR_VMS>" +
		"<TEMPLATE><DESCRIPTION><![CDATA[The default security group is added to every network. " +
		"Use it to add default filter rules for your networks. " +
		"You may remove this security group from any network by updating its properties.]]></DESCRIPTION>" +
		"<RULE><PROTOCOL><![CDATA[ALL]]></PROTOCOL><RULE_TYPE><![CDATA[OUTBOUND]]></RULE_TYPE></RULE>" +
		"<RULE><PROTOCOL><![CDATA[ALL]]></PROTOCOL><RULE_TYPE><![CDATA[INBOUND]]></RULE_TYPE></RULE></TEMPLATE></SECURITY_GROUP>"
	if diff := cmp.Diff(want, f.call("oneadmin", "one.secgroup.info", int32(0), false)); diff != "" {
		t.Errorf("one.secgroup.info (-want +got):\n%s", diff)
	}
}
