-- A small database of OpenNebula 2.2, with its tables. Made into one.db by
-- python3 -c "import sqlite3; d = sqlite3.connect('one.db'); d.executescript(open('one.sql').read()); d.close()"
CREATE TABLE user_pool (oid INTEGER PRIMARY KEY, user_name VARCHAR(256), password TEXT, enabled INTEGER, UNIQUE(user_name));
CREATE TABLE cluster_pool (oid INTEGER PRIMARY KEY, cluster_name VARCHAR(128), UNIQUE(cluster_name));
CREATE TABLE host_pool (oid INTEGER PRIMARY KEY, host_name VARCHAR(256), state INTEGER, im_mad VARCHAR(128), vm_mad VARCHAR(128),
  tm_mad VARCHAR(128), last_mon_time INTEGER, cluster VARCHAR(128), template TEXT, UNIQUE(host_name));
CREATE TABLE network_pool (oid INTEGER PRIMARY KEY, uid INTEGER, name VARCHAR(256), type INTEGER, bridge TEXT, public INTEGER,
  template TEXT, UNIQUE(name));
CREATE TABLE leases (oid INTEGER, ip BIGINT, mac_prefix BIGINT, mac_suffix BIGINT, vid INTEGER, used INTEGER, PRIMARY KEY(oid, ip));
CREATE TABLE image_pool (oid INTEGER PRIMARY KEY, uid INTEGER, name VARCHAR(128), type INTEGER, public INTEGER, persistent INTEGER,
  regtime INTEGER, source TEXT, state INTEGER, running_vms INTEGER, template TEXT, UNIQUE(name));
CREATE TABLE vm_pool (oid INTEGER PRIMARY KEY, uid INTEGER, name TEXT, last_poll INTEGER, state INTEGER, lcm_state INTEGER,
  stime INTEGER, etime INTEGER, deploy_id TEXT, memory INTEGER, cpu INTEGER, net_tx INTEGER, net_rx INTEGER, last_seq INTEGER, template TEXT);
CREATE TABLE history (vid INTEGER, seq INTEGER, host_name TEXT, vm_dir TEXT, hid INTEGER, vm_mad TEXT, tm_mad TEXT, stime INTEGER,
  etime INTEGER, pstime INTEGER, petime INTEGER, rstime INTEGER, retime INTEGER, estime INTEGER, eetime INTEGER, reason INTEGER,
  PRIMARY KEY(vid, seq));
-- secrets: the SHA-1 of adminpw, of alicepw, and a plain one
INSERT INTO user_pool VALUES (0, 'oneadmin', '289bed0325c26d04da9ba999fb6c4defd8ab76f6', 1);
INSERT INTO user_pool VALUES (1, 'alice', 'a5771e9d7527c46cfa8c3e1d16649757adc4e3d8', 1);
INSERT INTO user_pool VALUES (4, 'bob', 'bobpw', 0);
INSERT INTO cluster_pool VALUES (0, 'default');
INSERT INTO cluster_pool VALUES (3, 'tokyo tech');
INSERT INTO host_pool VALUES (2, 'h1', 2, 'im_rvpe', 'vmm_rvpe', 'tm_gfarm', 1300000000, 'tokyo tech', '<TEMPLATE></TEMPLATE>');
INSERT INTO host_pool VALUES (5, 'h2', 4, 'im_kvm', 'vmm_kvm', 'tm_nfs', 1300000000, 'gone', '<TEMPLATE></TEMPLATE>');
INSERT INTO network_pool VALUES (0, 0, 'tokyo tech#lan', 1, 'br0', 1,
  '<TEMPLATE><BRIDGE><![CDATA[br0]]></BRIDGE><DNS><![CDATA[10.0.0.2]]></DNS><NAME><![CDATA[tokyo tech#lan]]></NAME><TYPE><![CDATA[FIXED]]></TYPE></TEMPLATE>');
INSERT INTO leases VALUES (0, 167772165, 512, 167772165, -1, 0);
INSERT INTO leases VALUES (0, 167772166, 20512, 538976289, 7, 1);
INSERT INTO network_pool VALUES (2, 1, 'range', 0, 'br1', 0,
  '<TEMPLATE><BRIDGE><![CDATA[br1]]></BRIDGE><NAME><![CDATA[range]]></NAME><NETWORK_ADDRESS><![CDATA[10.2.0.0]]></NETWORK_ADDRESS><NETWORK_SIZE><![CDATA[C]]></NETWORK_SIZE><TYPE><![CDATA[RANGED]]></TYPE></TEMPLATE>');
INSERT INTO image_pool VALUES (3, 1, 'centos5.5', 0, 1, 0, 1300000001, 'IMAGES//disk', 2, 1,
  '<TEMPLATE><BUS><![CDATA[virtio]]></BUS><DEV_PREFIX><![CDATA[vd]]></DEV_PREFIX><NAME><![CDATA[centos5.5]]></NAME></TEMPLATE>');
INSERT INTO image_pool VALUES (4, 9, 'lost', 2, 0, 1, 1300000002, 'IMAGES//none', 1, 0, '<TEMPLATE><NAME><![CDATA[lost]]></NAME></TEMPLATE>');
INSERT INTO vm_pool VALUES (7, 1, 'web', 1300000100, 6, 0, 1300000010, 1300000100, 'one-7', 65536, 5, 10, 20, 1,
  '<TEMPLATE><CPU><![CDATA[1]]></CPU><MEMORY><![CDATA[64]]></MEMORY><NAME><![CDATA[web]]></NAME><NIC><IP><![CDATA[10.0.0.6]]></IP><NETWORK_ID><![CDATA[0]]></NETWORK_ID></NIC><RANK><![CDATA[FREECPU]]></RANK><VMID><![CDATA[7]]></VMID></TEMPLATE>');
INSERT INTO history VALUES (7, 1, 'h1', '/var/lib/one', 2, 'vmm_rvpe', 'tm_gfarm', 1300000060, 1300000100, 0, 0, 1300000061, 1300000090, 1300000091, 1300000100, 0);
INSERT INTO history VALUES (7, 0, 'h1', '/var/lib/one', 2, 'vmm_rvpe', 'tm_gfarm', 1300000011, 1300000050, 1300000011, 1300000012, 1300000012, 1300000050, 0, 0, 2);
INSERT INTO vm_pool VALUES (9, 1, 'runs', 1300000100, 3, 3, 1300000010, 0, 'one-9', 65536, 5, 10, 20, 0, '<TEMPLATE><NAME><![CDATA[runs]]></NAME></TEMPLATE>');
