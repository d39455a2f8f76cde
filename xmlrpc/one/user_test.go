package one

import (
	"errors"
	"regexp"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vdc"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/zone"
)

// newUserFace is a server after its first start, with real sessions.
func newUserFace(t *testing.T) *vmFace {
	t.Helper()
	const cheap = 4 // bcrypt's lowest cost
	tables := append(quota.Tables(), user.Kind.Table, group.Kind.Table, acl.Rules, vdc.Kind.Table, zone.Kind.Table,
		cluster.Kind.Table, vm.Kind.Table)
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: tables})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	secret, err := user.Secret(user.DriverCore, "opennebula", cheap)
	if err != nil {
		t.Fatal(err)
	}
	err = st.Update(t.Context(), func(tx *store.Tx) error {
		group.Setup(tx)
		user.Setup(tx, user.First{Oneadmin: "oneadmin", Secret: secret, Serveradmin: user.ServerKey("x")})
		zone.Setup(tx, "http://localhost:2633/RPC2")
		cluster.Setup(tx)
		return errors.Join(acl.Setup(tx), vdc.Setup(tx))
	})
	if err != nil {
		t.Fatal(err)
	}
	users := user.NewService(st, user.Settings{Cost: cheap, Expiration: time.Minute, Umask: 0o177, Clock: time.Now})
	return &vmFace{t, &Server{Store: st, Users: users, HashCost: cheap, Drivers: user.DefaultDrivers(), Clock: time.Now}}
}

// step is a call, and a pattern for its answer or error text.
type step struct {
	who, method string
	args        []any
	want        string
}

func (f *vmFace) play(steps []step) {
	f.t.Helper()
	for i, s := range steps {
		got := f.call(s.who, s.method, s.args...)
		if !regexp.MustCompile("^(?:" + s.want + ")$").MatchString(got) {
			f.t.Errorf("step %d, %s %v as %s:\n got %s\nwant %s", i, s.method, s.args, s.who, got, s.want)
		}
	}
}

// Sessions of the tests below.
const (
	root  = "oneadmin:opennebula"
	alice = "alice:pass-alice"
	bob   = "bob:pass-bob"
)

func ids(list ...int32) (args []any) {
	for _, id := range list {
		args = append(args, id)
	}
	return args
}

// refusedSession is the answer for an invalid session.
const refusedSession = `User couldn't be authenticated, aborting call\.`

func TestUserCallsAnswerAsOned(t *testing.T) {
	t.Parallel()
	newUserFace(t).play([]step{
		{root, "one.group.allocate", []any{"devs"}, "100"},
		{root, "one.group.allocate", []any{"ops"}, "101"},
		{root, "one.user.allocate", []any{"alice", "pass-alice", "", ids(100)}, "2"},
		{root, "one.user.allocate", []any{"bob", "pass-bob", "core"}, "3"},
		{root, "one.user.allocate", []any{"dave", "x", "", ids(777)}, `Error getting group \[777\]\.`},
		{root, "one.user.allocate", []any{"dave", "x", "", []any{"1"}}, `.*Not integer type.*`},
		{root, "one.user.allocate", []any{"dave", "x", "", int32(1)}, `.*supposed to be an array is not`},
		{root, "one.user.allocate", []any{int32(1), "x", "", "y"}, `.*supposed to be an array is not`},
		{root, "one.user.passwd", []any{"x", int32(1)}, `.*supposed to be integer is not`},
		{root, "one.user.allocate", []any{"dave", "x"}, `.*Not enough parameters`},
		{root, "one.user.enable", []any{int32(-1), true}, `User not found`},
		{root, "one.user.passwd", []any{int32(-1), "x"}, ``},
		{root, "one.user.chauth", []any{int32(-1), "core", ""}, ``},
		{root, "one.user.quota", []any{int32(-1), "VM=[VMS=1]"}, ``},
		{root, "one.group.quota", []any{int32(-1), "VM=[VMS=1]"}, `Error getting group Pool\.`},
		{bob, "one.group.quota", []any{int32(-1), "VM=[VMS=1]"}, `User \[3\] : Not authorized to perform ADMIN GROUP\.`},
		{bob, "one.user.info", ids(-2), `User \[3\] : Not authorized to perform USE USER\.`},
		{root, "one.user.info", ids(-2), `Error getting user \[-2\]\.`},
		{bob, "one.group.info", ids(-2), `User \[3\] : Not authorized to perform USE GROUP\.`},
		{root, "one.user.allocate", []any{"dave", "", ""}, `Invalid password, it cannot be empty\.`},
		{bob, "one.user.allocate", []any{"dave", "x", ""}, `User \[3\] : Not authorized to perform CREATE USER\.`},
		{alice, "one.user.info", ids(-1), `<USER><ID>2</ID><GID>100</GID><GROUPS><ID>100</ID></GROUPS><GNAME>devs</GNAME>.*</USER>`},
		{alice, "one.user.info", ids(0), `User \[2\] : Not authorized to perform USE USER \[0\]\.`},
		{alice, "one.group.info", ids(-1), `<GROUP><ID>100</ID><NAME>devs</NAME>.*<USERS><ID>2</ID></USERS><ADMINS></ADMINS>.*</GROUP>`},
		{alice, "one.group.info", ids(101), `User \[2\] : Not authorized to perform USE GROUP \[101\]\.`},
		{alice, "one.grouppool.info", nil, `<GROUP_POOL><GROUP><ID>100</ID>.*</GROUP><QUOTAS><ID>100</ID>.*</GROUP_POOL>`},
		{alice, "one.userpool.info", nil, `<USER_POOL><USER><ID>2</ID>[^@]*</USER><QUOTAS><ID>2</ID>.*</USER_POOL>`},
		{alice, "one.user.passwd", []any{int32(2), "new"}, "2"},
		{alice, "one.user.info", ids(-1), refusedSession},
		{"alice:new", "one.user.passwd", []any{int32(3), "x"}, `User \[2\] : Not authorized to perform MANAGE USER \[3\]\.`},
		{"alice:new", "one.user.chgrp", ids(2, -5), `Wrong group ID`},
		{"alice:new", "one.user.chgrp", ids(2, 101), `User \[2\] : Not authorized to perform USE GROUP \[101\]\.`},
		{"alice:new", "one.user.addgroup", ids(2, 0), `User \[2\] : Not authorized to perform MANAGE GROUP \[0\]\.`},
		{"alice:new", "one.user.enable", []any{int32(2), true}, `User \[2\] : Not authorized to perform ADMIN USER \[2\]\.`},
		{root, "one.user.enable", []any{int32(2), false}, "2"},
		{"alice:new", "one.user.info", ids(-1), refusedSession},
		{root, "one.user.chauth", []any{int32(3), "public", ""}, "3"},
		{bob, "one.user.info", ids(-1), refusedSession},
		{root, "one.user.chauth", []any{int32(3), "core", ""}, "3"},
		{bob, "one.user.info", ids(-1), `<USER><ID>3</ID>.*`},
		{root, "one.user.login", []any{"nobody", "", int32(60)}, `Error getting user Pool\.`},
		{bob, "one.user.login", []any{"bob", "tok", int32(60)}, "tok"},
		{"bob:tok", "one.user.info", ids(-1), `.*<LOGIN_TOKEN><TOKEN>tok</TOKEN>.*`},
		{bob, "one.user.login", []any{"bob", "", int32(0)}, ""},
		{"bob:tok", "one.user.info", ids(-1), refusedSession},
		{root, "one.user.delete", ids(3), "3"},
		{bob, "one.user.info", ids(-1), refusedSession},
	})
}

func TestGroupAdminKeepsToHisGroup(t *testing.T) {
	t.Parallel()
	newUserFace(t).play([]step{
		{root, "one.group.allocate", []any{"devs"}, "100"},
		{root, "one.group.allocate", []any{"ops"}, "101"},
		{root, "one.user.allocate", []any{"alice", "pass-alice", "", ids(100)}, "2"},
		{root, "one.user.allocate", []any{"bob", "pass-bob", "", ids(101)}, "3"},
		{root, "one.group.addadmin", ids(100, 3), `Cannot edit group\. User 3 is not part of Group 100\.`},
		{root, "one.group.addadmin", ids(100, 2), "100"},
		{alice, "one.user.allocate", []any{"carol", "x", "", ids(100)}, "4"},
		{alice, "one.user.allocate", []any{"dora", "x", "", ids(101)}, `User \[2\] : Not authorized to perform MANAGE GROUP \[101\]\.`},
		{alice, "one.user.passwd", []any{int32(4), "y"}, "4"},
		{alice, "one.user.passwd", []any{int32(3), "y"}, `User \[2\] : Not authorized to perform MANAGE USER \[3\]\.`},
		{alice, "one.user.passwd", []any{int32(0), "y"}, `User \[2\] : Not authorized to perform MANAGE USER \[0\]\.`},
		{alice, "one.user.addgroup", ids(2, 0), `User \[2\] : Not authorized to perform MANAGE GROUP \[0\]\.`},
		{alice, "one.group.delete", ids(100), `User \[2\] : Not authorized to perform ADMIN GROUP \[100\]\.`},
		{alice, "one.group.addadmin", ids(100, 4), `User \[2\] : Not authorized to perform ADMIN GROUP \[100\]\.`},
		{alice, "one.acl.addrule", []any{"100000002", "1400000000", "1"}, `User \[2\] : Not authorized to perform MANAGE ACL\.`},
		{alice, "one.user.quota", []any{int32(4), "VM=[VMS=1]"}, "4"},
		{alice, "one.userquota.update", []any{"VM=[VMS=1]"}, `User \[2\] : The default quotas can only be updated by users in the oneadmin group\.`},
		{root, "one.group.deladmin", ids(100, 2), "100"},
		{alice, "one.user.delete", ids(4), `User \[2\] : Not authorized to perform ADMIN USER \[4\]\.`},
	})
}

func TestQuotaCallsAnswerAsOned(t *testing.T) {
	t.Parallel()
	newUserFace(t).play([]step{
		{root, "one.group.allocate", []any{"devs"}, "100"},
		{root, "one.user.allocate", []any{"alice", "pass-alice", "", ids(100)}, "2"},
		{root, "one.user.quota", []any{int32(0), "VM=[VMS=1]"}, `Cannot set quotas for oneadmin user`},
		{root, "one.group.quota", []any{int32(0), "VM=[VMS=1]"}, `Cannot set quotas for oneadmin group`},
		{root, "one.group.quota", []any{int32(4242), "VM=[VMS=1]"}, `User \[0\] not authorized to perform action on group\.`},
		{root, "one.user.quota", []any{int32(2), "DATASTORE=[IMAGES=1]"}, `Negative limits or bad format in quota DATASTORE = \[ IMAGES=1 \]`},
		{root, "one.user.quota", []any{int32(2), "VM=["}, `Parse error: .*`},
		{root, "one.user.quota", []any{int32(2), `VM=[CLUSTER_IDS="9",VMS=1]`}, `Cluster 9 does not exist`},
		{root, "one.user.quota", []any{int32(2), "NETWORK=[ID=0,LEASES=5]"}, "2"},
		{alice, "one.user.info", ids(2), `.*<NETWORK_QUOTA><NETWORK><ID><!\[CDATA\[0\]\]></ID><LEASES><!\[CDATA\[5\]\]></LEASES>` +
			`<LEASES_USED><!\[CDATA\[0\]\]></LEASES_USED></NETWORK></NETWORK_QUOTA>.*`},
		{root, "one.userquota.update", []any{"IMAGE=[ID=1,RVMS=2]"}, `<DEFAULT_USER_QUOTAS>.*<RVMS><!\[CDATA\[2\]\]></RVMS>.*</DEFAULT_USER_QUOTAS>`},
		{root, "one.userquota.update", []any{`VM=[CLUSTER_IDS="0",VMS=1]`}, `CLUSTER_IDS attribute is not allowed for default VM quota`},
		{root, "one.groupquota.info", nil, `<DEFAULT_GROUP_QUOTAS>.*</DEFAULT_GROUP_QUOTAS>`},
	})
}

func TestZoneCallsAnswerAsOned(t *testing.T) {
	t.Parallel()
	newUserFace(t).play([]step{
		{root, "one.zone.raftstatus", nil, `<RAFT><SERVER_ID>-1</SERVER_ID><STATE>0</STATE>.*<FEDLOG_INDEX>-1</FEDLOG_INDEX></RAFT>`},
		{root, "one.zonepool.info", nil, `<ZONE_POOL><ZONE><ID>0</ID><NAME>OpenNebula</NAME><STATE>0</STATE>.*</ZONE_POOL>`},
		{root, "one.vdc.info", ids(0), `<VDC><ID>0</ID><NAME>default</NAME><GROUPS><ID>1</ID></GROUPS>.*</VDC>`},
		{root, "one.user.allocate", []any{"bob", "pass-bob", ""}, "2"},
		{bob, "one.zone.info", ids(0), `<ZONE>.*</ZONE>`}, // * ZONE/* USE *
		{bob, "one.zone.raftstatus", nil, `User \[2\] : Not authorized to perform ADMIN ZONE \[0\]\.`},
		{bob, "one.vdcpool.info", nil, `<VDC_POOL></VDC_POOL>`},
	})
}
