package migrate_test

import (
	"path/filepath"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/sqlite"
	"github.com/renkei-vpe/renkei/pkg/sqlite/sqlitetest"
)

// tables is a database, by the names of its tables. Tests change them before importing.
type tables map[string]*sqlitetest.Table

// open writes the database to a file and opens that.
func (ts tables) open(t *testing.T) *sqlite.DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.db")
	if err := sqlitetest.Write(path, ts.list()...); err != nil {
		t.Fatal(err)
	}
	db, err := sqlite.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func (ts tables) list() (list []sqlitetest.Table) {
	for _, table := range ts {
		list = append(list, *table)
	}
	return list
}

// where answers the row of a table that begins with an ID.
func (ts tables) where(name string, id int) []any {
	for _, row := range ts[name].Rows {
		if row[0] == id {
			return row
		}
	}
	panic("no row " + name)
}

// one22 is a database of OpenNebula 2.2: two users of RENKEI-VPE and a disabled one, a cluster
// (3, the zone) with two hosts, an image with its file and one without, a VM that is done and
// one that is running.
func one22() tables {
	return tables{
		"cluster_pool": {
			SQL:  `CREATE TABLE cluster_pool (oid INTEGER PRIMARY KEY, cluster_name VARCHAR(128), UNIQUE(cluster_name) )`,
			Rows: [][]any{{0, "default"}, {3, "tokyo tech"}},
		},
		"history": {
			SQL: `CREATE TABLE history (vid INTEGER,seq INTEGER,host_name TEXT,vm_dir TEXT,hid INTEGER,vm_mad TEXT,tm_mad TEXT,stime INTEGER,` +
				`etime INTEGER,pstime INTEGER,petime INTEGER,rstime INTEGER,retime INTEGER,estime INTEGER,eetime INTEGER,reason INTEGER,PRIMARY KEY(vid,seq))`,
			Rows: [][]any{
				{7, 1, "h1", "/var/lib/one", 2, "vmm_rvpe", "tm_gfarm", 1300000060, 1300000100, 0, 0, 1300000061, 1300000090, 1300000091, 1300000100, 0},
				{7, 0, "h1", "/var/lib/one", 2, "vmm_rvpe", "tm_gfarm", 1300000011, 1300000050, 1300000011, 1300000012, 1300000012, 1300000050, 0, 0, 2},
			},
		},
		"host_pool": {
			SQL: `CREATE TABLE host_pool (oid INTEGER PRIMARY KEY,host_name VARCHAR(256), state INTEGER,im_mad VARCHAR(128),vm_mad VARCHAR(128),` +
				`tm_mad VARCHAR(128),last_mon_time INTEGER, cluster VARCHAR(128), template TEXT, UNIQUE(host_name))`,
			Rows: [][]any{
				{2, "h1", 2, "im_rvpe", "vmm_rvpe", "tm_gfarm", 1300000000, "tokyo tech", "<TEMPLATE></TEMPLATE>"},
				{5, "h2", 4, "im_kvm", "vmm_kvm", "tm_nfs", 1300000000, "gone", "<TEMPLATE></TEMPLATE>"},
				{6, "h3", 2, "im_rvpe", "vmm_rvpe", "tm_gfarm", 1300000000, "tokyo tech", "<TEMPLATE></TEMPLATE>"},
			},
		},
		"image_pool": {
			SQL: `CREATE TABLE image_pool (oid INTEGER PRIMARY KEY, uid INTEGER, name VARCHAR(128), type INTEGER, public INTEGER, persistent INTEGER, ` +
				`regtime INTEGER, source TEXT, state INTEGER, running_vms INTEGER, template TEXT, UNIQUE(name) )`,
			Rows: [][]any{
				{3, 1, "centos5.5", 0, 1, 0, 1300000001, "IMAGES//disk", 2, 1, words("BUS", "virtio", "DEV_PREFIX", "vd", "NAME", "centos5.5")},
				{4, 9, "lost", 2, 0, 1, 1300000002, "IMAGES//none", 1, 0, words("NAME", "lost")},
			},
		},
		"leases": {
			SQL: `CREATE TABLE leases (oid INTEGER, ip BIGINT, mac_prefix BIGINT, mac_suffix BIGINT,vid INTEGER, used INTEGER, PRIMARY KEY(oid,ip))`,
			Rows: [][]any{
				{0, 167772165, 512, 167772165, -1, 0}, {0, 167772166, 20512, 538976289, 7, 1}, {0, 167772167, 512, 167772167, 9, 1},
			},
		},
		"network_pool": {
			SQL: `CREATE TABLE network_pool (oid INTEGER PRIMARY KEY, uid INTEGER, name VARCHAR(256), type INTEGER, bridge TEXT, public INTEGER, template TEXT, UNIQUE(name))`,
			Rows: [][]any{
				{0, 0, "tokyo tech#lan", 1, "br0", 1, words("BRIDGE", "br0", "DNS", "10.0.0.2", "NAME", "tokyo tech#lan", "TYPE", "FIXED")},
				{2, 1, "range", 0, "br1", 0, words("BRIDGE", "br1", "NAME", "range", "NETWORK_ADDRESS", "10.2.0.0", "NETWORK_SIZE", "C", "TYPE", "RANGED")},
			},
		},
		"user_pool": {
			SQL: `CREATE TABLE user_pool (oid INTEGER PRIMARY KEY, user_name VARCHAR(256), password TEXT,enabled INTEGER, UNIQUE(user_name))`,
			Rows: [][]any{
				{0, "oneadmin", "289bed0325c26d04da9ba999fb6c4defd8ab76f6", 1}, // adminpw
				{1, "alice", "a5771e9d7527c46cfa8c3e1d16649757adc4e3d8", 1},    // alicepw
				{4, "bob", "bobpw", 0},
			},
		},
		"vm_pool": {
			SQL: `CREATE TABLE vm_pool (oid INTEGER PRIMARY KEY,uid INTEGER,name TEXT,last_poll INTEGER, state INTEGER,lcm_state INTEGER,stime INTEGER,` +
				`etime INTEGER,deploy_id TEXT,memory INTEGER,cpu INTEGER,net_tx INTEGER,net_rx INTEGER, last_seq INTEGER, template TEXT)`,
			Rows: [][]any{
				{
					7, 1, "web", 1300000100, 6, 0, 1300000010, 1300000100, "one-7", 65536, 5, 10, 20, 1,
					"<TEMPLATE><CPU><![CDATA[1]]></CPU><MEMORY><![CDATA[64]]></MEMORY><NAME><![CDATA[web]]></NAME><NIC><IP><![CDATA[10.0.0.6]]></IP>" +
						"<NETWORK_ID><![CDATA[0]]></NETWORK_ID></NIC><RANK><![CDATA[FREECPU]]></RANK><VMID><![CDATA[7]]></VMID></TEMPLATE>",
				},
				{8, 1, "broken", 1300000100, 7, 0, 1300000010, 1300000020, "", 0, 0, 0, 0, -1, words("NAME", "broken")},
				{9, 1, "runs", 1300000100, 3, 3, 1300000010, 0, "one-9", 65536, 5, 10, 20, 0, words("NAME", "runs")},
			},
		},
	}
}

// words is a template as 2.2 stores it.
func words(pairs ...string) string {
	text := "<TEMPLATE>"
	for i := 0; i < len(pairs); i += 2 {
		text += "<" + pairs[i] + "><![CDATA[" + pairs[i+1] + "]]></" + pairs[i] + ">"
	}
	return text + "</TEMPLATE>"
}

// rvped is a database of RENKEI-VPE for one22: member 2 is alice, 3 is bob; one VM has the
// names of its zone, type and image, the other is from a version that did not store them.
func rvped() tables {
	return tables{
		"users": {
			SQL: "CREATE TABLE users (\n  id      INTEGER PRIMARY KEY AUTOINCREMENT,\n  oid     INTEGER UNIQUE,\n  name    VARCHAR(256) UNIQUE,\n" +
				"  enabled INTEGER,\n  zones   TEXT,\n  vm_cnt  INTEGER,\n  limits  TEXT,\n  uses    TEXT\n)",
			Rows: [][]any{{0, 0, "oneadmin", 1, "1", -1, "100", "0"}, {2, 1, "alice", 1, "1", -1, "4", "2"}, {3, 4, "bob", 0, "", -1, "", ""}},
		},
		"zones": {
			SQL:  "CREATE TABLE zones (id INTEGER PRIMARY KEY AUTOINCREMENT, oid INTEGER UNIQUE, name VARCHAR(256) UNIQUE, description TEXT, hosts TEXT, networks TEXT)",
			Rows: [][]any{{1, 3, "tokyo tech", "the first site", "2 6 ", "5 "}},
		},
		"virtual_networks": {
			SQL: "CREATE TABLE virtual_networks (id INTEGER PRIMARY KEY AUTOINCREMENT, oid INTEGER UNIQUE, name VARCHAR(256), description TEXT, zone_name VARCHAR(256), " +
				"unique_name VARCHAR(256) UNIQUE, address VARCHAR(256), netmask VARCHAR(256), gateway VARCHAR(256), dns TEXT, ntp TEXT, leases TEXT)",
			Rows: [][]any{{5, 0, "lan", "in the lab", "tokyo tech", "tokyo tech#lan", "10.0.0.0", "255.255.255.0", "10.0.0.1", "10.0.0.2 10.0.0.3", "10.0.0.4", "11 12 13 "}},
		},
		"leases": {
			SQL:  "CREATE TABLE leases (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(256), address VARCHAR(256), used INTEGER, assigned_to INTEGER, vnetid INTEGER)",
			Rows: [][]any{{11, "vm05.example.org", "10.0.0.5", 0, 2, 5}, {12, "vm06.example.org", "10.0.0.6", 0, -1, 5}, {13, "vm07.example.org", "10.0.0.7", 1, -1, 5}},
		},
		"vm_types": {
			SQL:  "CREATE TABLE vm_types (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(256) UNIQUE, cpu INTEGER, memory INTEGER, description TEXT, weight INTEGER)",
			Rows: [][]any{{1, "small", 1, 1024, "for tests", 1}, {4, "large", 4, 8192, "", 4}},
		},
		"virtual_machines": {
			SQL: "CREATE TABLE virtual_machines (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(256), oid INTEGER UNIQUE, user_id INTEGER, zone_id INTEGER, " +
				"lease_id INTEGER, type_id INTEGER, image_id INTEGER, leases VARCHAR(256), info TEXT)",
			Rows: [][]any{
				{21, "vm06.example.org", 7, 2, 1, 12, 1, 3, "12;99", ""},
				{22, "vm05.example.org", 8, 2, 1, 11, 4, 77, "11", "---\nUSER:\n  ID: 2\n  NAME: alice\nZONE:\n  ID: 1\n  NAME: tokyo tech\nIMAGE:\n  ID: 77\n" +
					"  NAME: gone#1\nTYPE:\n  ID: 9\n  NAME: huge\nLEASES:\n- ID: 11\n  NAME: vm05.example.org\n  ADDRESS: 10.0.0.5\n"},
				{23, "vm07.example.org", 9, 2, 1, 13, 1, 3, "13", "--- {}\n"},
			},
		},
		"transfers": {
			SQL:  "CREATE TABLE transfers (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(256), type VARCHAR(256), path VARCHAR(256), size INTEGER, date INTEGER, done INTEGER)",
			Rows: [][]any{{6, "abc", "put", "/var/one/images/transfer/abc", 10, 1300000000, 0}},
		},
		"sqlite_sequence": {
			SQL:  "CREATE TABLE sqlite_sequence(name,seq)",
			Rows: [][]any{{"users", 7}, {"zones", 1}, {"virtual_networks", 5}, {"leases", 13}, {"vm_types", 4}, {"virtual_machines", 30}, {"transfers", 6}},
		},
	}
}
