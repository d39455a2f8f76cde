package one

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// newTemplateFace has documents and network templates; alice (2) and bob (3) of the group devs
// (100) may create them.
func newTemplateFace(t *testing.T) *vmFace {
	t.Helper()
	f := newVMFace(t)
	err := f.s.Store.Update(t.Context(), func(tx *store.Tx) error {
		cluster.Kind.Put(tx, &cluster.Cluster{Meta: object.Meta{ID: 0, Name: "default"}})
		secgroup.Setup(tx)
		group.Kind.Put(tx, &group.Group{Meta: object.Meta{ID: 100, Name: "devs"}})
		group.Kind.Put(tx, &group.Group{Meta: object.Meta{ID: 0, Name: "oneadmin"}})
		for id, name := range map[int]string{0: "oneadmin", 2: "alice", 3: "bob"} {
			user.Kind.Put(tx, &user.User{Meta: object.Meta{ID: id, Name: name}})
		}
		return acl.Grant(tx, acl.Rule{
			User: acl.GroupOf | 100, Resource: uint64(one.KindVNTemplate|one.KindDocument) | acl.All,
			Rights: uint64(one.Create), Zone: acl.Individual,
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestNetworkTemplates(t *testing.T) {
	t.Parallel()
	f := newTemplateFace(t)
	const root, alice = "oneadmin", "alice"
	zero, one32 := int32(0), int32(1)
	f.play([]step{
		{root, "one.vntemplate.allocate", []any{"NAME=\"t\"\nVN_MAD=[X"}, `.*syntax error.*`},
		{root, "one.vntemplate.allocate", []any{"NAME=\"t\""}, `Error inserting Template in DB. VN_MAD is mandatory`},
		{root, "one.vntemplate.allocate", []any{"NAME=\"t\"\nVN_MAD=dummy\nBRIDGE=b\nCLUSTER_IDS=\"0,77\"\nAR=[TYPE=IP4,IP=10.0.0.1,SIZE=2]"}, `0`},
		{root, "one.vntemplate.allocate", []any{"NAME=\"t\"\nVN_MAD=dummy"}, `NAME is already taken by VN TEMPLATE 0\.`},
		{alice, "one.vntemplate.instantiate", []any{zero, "net", ""}, `.*Not authorized to perform USE VNTEMPLATE \[0\].*`},
		{alice, "one.vntemplate.clone", []any{zero, "mine"}, `.*Not authorized to perform USE VNTEMPLATE \[0\].*`},
		{root, "one.vntemplate.chmod", []any{zero, one32, one32, zero, zero, zero, zero, one32, zero, zero}, `0`},
		{alice, "one.vntemplate.instantiate", []any{zero, "net", "BRIDGE=other"}, `User \[2\] : Extra Template includes a restricted attribute BRIDGE\.`},
		{alice, "one.vntemplate.instantiate", []any{zero, "net", "AR=[TYPE=IP4,IP=10.0.1.1,SIZE=1,PHYDEV=x]"}, `.*restricted attribute AR/PHYDEV\.`},
		{alice, "one.vntemplate.instantiate", []any{zero, "", "BRIDGE=b\nNOTE=x\nAR=[TYPE=IP4,IP=10.0.1.1,SIZE=1]"}, `0`},
		{
			alice, "one.vn.info", []any{zero, false},
			`.*<UNAME>alice</UNAME>.*<NAME>t-0</NAME>.*<CLUSTERS><ID>0</ID></CLUSTERS>.*<TEMPLATE_ID>0</TEMPLATE_ID>.*<NOTE>.*<IP><!\[CDATA\[10.0.0.1\]\].*<IP><!\[CDATA\[10.0.1.1\]\].*`,
		},
		{alice, "one.vntemplate.instantiate", []any{zero, "v", "VLAN_ID=5"}, `.*User \[2\] : User is not authorized to use the requested VLAN_ID\.`},
		{alice, "one.group.vlan", []any{int32(100), "RULE=[ID=\"5\",SCOPE=ANY]"}, `.*Not authorized to perform ADMIN GROUP \[100\].*`},
		{root, "one.group.vlan", []any{int32(100), "RULE=[ID"}, `.*syntax error.*`},
		{root, "one.group.vlan", []any{int32(100), "RULE=[ID=\"5\",SCOPE=any,VNTEMPLATE=\"1\"]"}, `100`},
		{alice, "one.vntemplate.instantiate", []any{zero, "v", "VLAN_ID=5"}, `.*User is not authorized to use the requested VLAN_ID\.`},
		{alice, "one.vntemplate.instantiate", []any{zero, "v", "AUTOMATIC_VLAN_ID=YES\nVLAN_ID=4"}, `.*User is not authorized to use the requested VLAN_ID\.`},
		{root, "one.group.vlan", []any{int32(100), "RULE=[ID=\"5\",SCOPE=ANY]"}, `100`},
		{
			root, "one.group.info", []any{int32(100), false},
			`.*<VLAN_RULES><ID><!\[CDATA\[100\]\]></ID><RULE><ID><!\[CDATA\[5\]\]></ID><SCOPE><!\[CDATA\[ANY\]\]></SCOPE><VNTEMPLATE><!\[CDATA\[-1\]\]></VNTEMPLATE></RULE></VLAN_RULES>.*`,
		},
		{alice, "one.vntemplate.instantiate", []any{zero, "v", "AUTOMATIC_VLAN_ID=YES"}, `.*Automatic selection of VLAN ID cannot be used.*`},
		{root, "one.vntemplate.instantiate", []any{zero, "given", "AS_UID=2\nAS_GID=100"}, `1`},
		{root, "one.vn.info", []any{one32, false}, `.*<UID>2</UID><GID>100</GID><UNAME>alice</UNAME><GNAME>devs</GNAME>.*`},
		{alice, "one.vntemplate.instantiate", []any{zero, "x", "AS_UID=3"}, `.*Not authorized to perform MANAGE USER \[3\].*`},
		{root, "one.vntemplate.instantiate", []any{zero, "x", "VN_MAD=nosuch"}, `Error allocating a new virtual network template\. .*`},
		{root, "one.vntemplate.chown", []any{zero, int32(2), int32(-1)}, `0`},
		{alice, "one.vntemplate.update", []any{zero, "NOTE=y", one32}, `0`},
		{alice, "one.vntemplate.update", []any{zero, "BRIDGE=z", one32}, `.*includes a restricted attribute BRIDGE`},
		{alice, "one.vntemplate.update", []any{zero, "VN_MAD=fw", zero}, `Cannot update template\. Tried to change restricted attribute: VN_MAD`},
		{alice, "one.vntemplate.clone", []any{zero, "mine"}, `1`},
		{alice, "one.vntemplate.lock", []any{zero, one32, false}, `0`},
		{alice, "one.vntemplate.delete", []any{zero}, `.*Not authorized to perform MANAGE VNTEMPLATE \[0\].*`},
		{root, "one.vntemplate.delete", []any{zero}, `.*VNTEMPLATE is locked\. \[0\].*`},
		{alice, "one.vntemplate.unlock", []any{zero}, `0`},
		{alice, "one.vntemplate.delete", []any{zero}, `0`},
		{root, "one.vntemplatepool.info", []any{int32(-2), int32(-1), int32(-1)}, `<VNTEMPLATE_POOL><VNTEMPLATE><ID>1</ID>.*<NAME>mine</NAME>.*`},
	})
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	f := newTemplateFace(t)
	const root, alice = "oneadmin", "alice"
	zero, one32, all := int32(0), int32(1), []any{int32(-2), int32(-1), int32(-1)}
	f.play([]step{
		{alice, "one.document.allocate", []any{"NAME=\"a\"\nBODY=\"{\\\"x\\\": \\\"<&>\\\"}\"", int32(100)}, `0`},
		{alice, "one.document.allocate", []any{"NAME=\"a\"", int32(5)}, `1`},
		{alice, "one.document.info", []any{zero, false}, `.*<TYPE>100</TYPE><PERMISSIONS>.*<BODY><!\[CDATA\[{"x": "<&>"}\]\]></BODY>.*`},
		{alice, "one.documentpool.info", append(all, int32(5)), `<DOCUMENT_POOL><DOCUMENT><ID>1</ID>.*</DOCUMENT></DOCUMENT_POOL>`},
		{alice, "one.documentpool.info", append(all, int32(6)), `<DOCUMENT_POOL></DOCUMENT_POOL>`},
		{root, "one.documentpool.info", []any{int32(-9), int32(-1), int32(-1), int32(5)}, `Incorrect filter_flag`},
		{alice, "one.document.update", []any{zero, "MORE=\"1\"", int32(2)}, `Wrong update type`},
		{alice, "one.document.update", []any{zero, "MORE=\"1\"", one32}, `0`},
		{alice, "one.document.rename", []any{zero, "b/c"}, `Invalid NAME, char '/' is not allowed`},
		{alice, "one.document.lock", []any{zero, int32(9), false}, `Wrong lock level specified`},
		{alice, "one.document.lock", []any{zero, int32(4), false}, `0`},
		{alice, "one.document.info", []any{zero, false}, `.*</PERMISSIONS><LOCK><LOCKED>1</LOCKED><OWNER>2</OWNER>.*`},
		{root, "one.document.update", []any{zero, "MORE=\"1\"", one32}, `User \[0\] : DOCUMENT is locked\. \[0\]\.`},
		{root, "one.document.unlock", []any{zero}, `0`},
		{alice, "one.document.unlock", []any{zero}, `Cannot unlock: Lock is owned by another user`},
		{alice, "one.document.clone", []any{zero, "c"}, `2`},
		{alice, "one.document.clone", []any{int32(77), "c"}, `Error getting document \[77\]\.`},
		{root, "one.document.chown", []any{zero, int32(77), int32(-1)}, `Error getting user \[77\]\.`},
		{root, "one.document.chown", []any{int32(77), int32(3), int32(-1)}, `Error getting document \[77\]\.`},
		{root, "one.document.chown", []any{zero, zero, zero}, `0`},
		{alice, "one.document.delete", []any{zero}, `User \[2\] : Not authorized to perform MANAGE DOCUMENT \[0\]\.`},
	})
}
