package server_test

import (
	"encoding/binary"
	"path/filepath"
	"strings"
	"testing"
)

// openSharedSite makes a site with one zone, two users who may use it, and an image and a VM of
// the first.
func openSharedSite(t *testing.T) site {
	t.Helper()
	s := openSite(t, nil)
	for _, session := range []string{user1Session, user2Session} {
		name, sum, _ := strings.Cut(session, ":")
		s.must("rvpe.user.allocate", adminSession, name, sum)
	}
	s.must("rvpe.zone.allocate", adminSession, "name: z\nhost: [h1]\nnetwork:\n  - {name: n, address: 10.1.0.0, netmask: 255.255.0.0, "+
		"gateway: 10.1.0.1, dns: [10.1.0.2], ntp: [10.1.0.3], interface: br0, lease: [{name: a.z, address: 10.1.0.10}, "+
		"{name: b.z, address: 10.1.0.11}, {name: c.z, address: 10.1.0.12}]}\n")
	s.must("rvpe.vmtype.allocate", adminSession, "name: small\ncpu: 1\nmemory: 128\nweight: 1\n")
	s.must("rvpe.user.enable_zone", adminSession, 1, true, 1, 2)
	s.must("rvpe.user.enable_zone", adminSession, 2, true, 1, 2)
	s.bring(user1Session, "name: private\npath: /x")
	s.must("rvpe.vm.allocate", user1Session, "small", 0, "key", "z", "n")
	return s
}

// TestOthersAreKeptOut makes calls as the second user about objects of the first and of the
// administrator.
func TestOthersAreKeptOut(t *testing.T) {
	s := openSharedSite(t)
	s.must("rvpe.lease.assign", adminSession, 2, "user1")
	const needs = "The operation requires the admin privilege."
	for _, c := range []struct {
		want, method string
		args         []any
	}{
		{"You don't have permission to query info. of the VM.", "vm.info", []any{1}},
		{"You don't have permission to make any action to the VM.", "vm.action", []any{1, "finalize"}},
		{"You don't have permission to save status of the VM.", "vm.mark_save", []any{1, "mine", ""}},
		{"VirtualMachine[a.z] is not found.", "vm.ask_id", []any{"a.z"}},
		{needs, "vm.pool", []any{-2, 1}},
		{needs, "vm.pool", []any{1, 0}},
		{"User[user2] don't have a permission to use Lease[b.z].", "vm.allocate", []any{"small", 0, "k", "z", "n#b.z"}},
		{"[VirtualMachineAllocate] User [3] not authorized to perform CREATE on VM Pool", "vm.allocate", []any{"small", 0, "k", "z", "n"}},
		{"You don't have permission to access the image.", "image.info", []any{0}},
		{"You don't have permission to delete the image.", "image.delete", []any{0}},
		{"You don't have permission to enable/disable the image.", "image.enable", []any{0, false}},
		{"You don't have permission to publish/unpublish the image.", "image.publish", []any{0, true}},
		{"You don't have permission to make the image persistent.", "image.persistent", []any{0, true}},
		{"You don't have permission to modify the description of the image.", "image.description", []any{0, "x"}},
		{"Image[private] is not found. ", "image.ask_id", []any{"private"}},
		{needs, "image.pool", []any{-2}},
		{"You don't have permission to query info. of the VM.", "lease.info", []any{2}},
		{needs, "lease.pool", []any{-2}},
		{needs, "lease.pool", []any{1}},
		{"You don't have permission to see info. of User[user1].", "user.info", []any{1}},
	} {
		s.refused(c.want, "rvpe."+c.method, append([]any{user2Session}, c.args...)...)
	}
}

// TestAdministratorsCalls makes all calls that are for the administrator.
func TestAdministratorsCalls(t *testing.T) {
	s := openSharedSite(t)
	for method, args := range map[string][]any{
		"user.pool": nil, "user.allocate": {"x", "y"}, "user.delete": {2}, "user.enable": {2, false}, "user.passwd": {0, "x"},
		"user.enable_zone": {1, true, 1, 100}, "zone.allocate": {"name: x"}, "zone.delete": {1}, "zone.add_host": {1, "h"},
		"zone.remove_host": {1, "h1"}, "zone.add_vnet": {1, ""}, "zone.remove_vnet": {1, "n"}, "zone.sync": nil, "host.enable": {0, false},
		"vn.add_dns": {1, "x"}, "vn.remove_dns": {1, "x"}, "vn.add_ntp": {1, "x"}, "vn.remove_ntp": {1, "x"}, "vn.add_lease": {1, "x", "10.1.0.9"},
		"vn.remove_lease": {1, "c.z"}, "lease.assign": {2, "user1"}, "lease.release": {2}, "vmtype.allocate": {"name: x"}, "vmtype.delete": {1},
	} {
		s.refused("Not the administrator: user1", "rvpe."+method, append([]any{user1Session}, args...)...)
	}
	wrong := "user1:" + strings.Repeat("0", 40)
	s.refused("Authentication failed: user1", "rvpe.vmtype.pool", wrong)
	s.refused("Authentication failed: oneadmin", "rvpe.vmtype.pool", "oneadmin:"+strings.Repeat("0", 40))
	s.refused("User is not found: serveradmin", "rvpe.vmtype.pool", "serveradmin:x")
}

// TestTransfersStayWhereTheyBelong tries sessions of other users, and paths that do not belong
// to images.
func TestTransfersStayWhereTheyBelong(t *testing.T) {
	s := openSharedSite(t)
	image := s.source(user1Session, 0)
	name := between(s.must("rvpe.transfer.init", user1Session, "get", image, -1).(string), "<NAME>", "</NAME>")
	put := between(s.must("rvpe.transfer.init", user1Session, "put", "x", 5).(string), "<NAME>", "</NAME>")
	for _, method := range []string{"finalize", "cancel"} {
		s.refused("Transfer["+name+"] is not found.", "rvpe.transfer."+method, user2Session, name)
	}
	s.refused("Transfer["+name+"] is not found.", "rvpe.transfer.get", user2Session, name, 0)
	s.refused("Transfer["+put+"] is not found.", "rvpe.transfer.put", user2Session, put, "aGVsbG8=")
	s.refused("Transfer["+put+"] is not found.", "rvpe.image.allocate", user2Session, "name: stolen\ntransfer: "+put)
	for _, path := range []string{
		image, filepath.Join(s.data, "renkei.db"), "/etc/passwd", s.spool(put), filepath.Dir(image) + "/../../renkei.db", image + "/../" + filepath.Base(image), "",
	} {
		s.refused("File["+path+"] does not exist in RENKEI-VPE.", "rvpe.transfer.init", user2Session, "get", path, -1)
	}
	for _, path := range []string{filepath.Join(s.data, "renkei.db"), "/etc/hostname", s.spool(put), filepath.Dir(image) + "/../../renkei.db"} {
		s.refused("File["+path+"] does not exist.", "rvpe.transfer.delete", user2Session, path)
	}
	s.refused("You don't have permission to delete the image.", "rvpe.transfer.delete", user2Session, image)
	s.refused("File["+image+"] is the one of Image[private]: delete the image.", "rvpe.transfer.delete", user1Session, image)
	s.must("rvpe.image.publish", user1Session, 0, true)
	public := between(s.must("rvpe.transfer.init", user2Session, "get", image, -1).(string), "<NAME>", "</NAME>")
	s.must("rvpe.transfer.get", user2Session, public, 0)
	s.must("rvpe.image.publish", user1Session, 0, false)
	s.refused("File["+image+"] does not exist in RENKEI-VPE.", "rvpe.transfer.get", user2Session, public, 0)
}

// TestImagesWithBackingFilesAreRefused: an image with a backing file would show users a file of the
// server.
func TestImagesWithBackingFilesAreRefused(t *testing.T) {
	s := openSharedSite(t)
	backed, external, large := disk(), disk(), disk()
	binary.BigEndian.PutUint64(backed[8:], 512)
	copy(backed[512:], "/etc/shadow")
	binary.BigEndian.PutUint64(external[72:], 1<<2)
	binary.BigEndian.PutUint64(large[24:], 101<<30)
	const whole = "Image should have all of its data in one file: convert it with qemu-img convert."
	for want, data := range map[string][]byte{
		whole + "": backed, "Virtual size of an image should be smaller than 100GB.": large,
		"Image should be formatted in qcow2. 'raw' can't be used.": make([]byte, 4096),
	} {
		name := s.send(user1Session, data)
		s.refused(want, "rvpe.image.allocate", user1Session, "name: bad\ntransfer: "+name)
		if _, there := s.ask("rvpe.transfer.cancel", user1Session, name).([]any); !there {
			t.Error("no answer")
		}
	}
	s.refused(whole, "rvpe.image.allocate", user1Session, "name: bad\ntransfer: "+s.send(user1Session, external))
}

// TestEveryEndReleasesLeasesAndQuota: all ways of ending a VM release its leases and quota;
// cancel did not in the original.
func TestEveryEndReleasesLeasesAndQuota(t *testing.T) {
	s := openSharedSite(t)
	s.until(1, "<LCM_STATE>3<")
	for i, action := range []string{"cancel", "shutdown", "finalize"} {
		vm := i + 1
		s.must("rvpe.vm.action", user1Session, vm, action)
		s.until(vm, "<STATE>6<")
		user := s.must("rvpe.user.info", user1Session, 1).(string)
		lease := s.must("rvpe.lease.info", adminSession, 1).(string)
		if !strings.Contains(user, "<ZONE_USES>0<") || !strings.Contains(lease, "<USED>0<") {
			t.Errorf("after %s: %s %s", action, user, lease)
		}
		s.must("rvpe.vm.allocate", user1Session, "small", 0, "key", "z", "n")
		s.until(vm+1, "<LCM_STATE>3<")
	}
}

// TestTextsDoNotBecomeAttributes: texts of users are put in templates, and must not become
// attributes there.
func TestTextsDoNotBecomeAttributes(t *testing.T) {
	s := openSharedSite(t)
	evil := `x", SOURCE="/etc/shadow"] CONTEXT=[FILES="/etc/shadow`
	definition := "name: 'a EVIL'\ndescription: 'EVIL'\nio_bus: 'EVIL'\nnic_model: 'EVIL'\npath: '/x EVIL'"
	id := s.bring(user1Session, strings.ReplaceAll(definition, "EVIL", evil))
	s.must("rvpe.vm.allocate", user1Session, "small", id, evil, "z", "n")
	s.must("rvpe.vm.mark_save", user1Session, 2, "saved "+evil, evil)
	for method, object := range map[string]int{"image.info": id + 1, "vm.info": 2} {
		xml := s.must("rvpe."+method, user1Session, object).(string)
		if strings.Contains(xml, "<SOURCE><![CDATA[/etc") || strings.Contains(xml, "<FILES><![CDATA[/etc") || strings.Contains(xml, "<SOURCE>/etc") {
			t.Errorf("%s: texts became attributes: %s", method, xml)
		}
	}
	image := s.must("rvpe.image.info", user1Session, id).(string)
	if !strings.Contains(image, "<BUS><![CDATA["+evil+"]]></BUS>") {
		t.Errorf("the image's texts have changed: %s", image)
	}
}

// TestTransferNamesAreNoPaths: the name of a session is looked up, never used as a path.
func TestTransferNamesAreNoPaths(t *testing.T) {
	s := openSharedSite(t)
	for _, name := range []string{"../../renkei.db", "/etc/passwd", "", ".", strings.Repeat("0", 40)} {
		want := "Transfer[" + name + "] is not found."
		s.refused(want, "rvpe.transfer.put", user1Session, name, "aGVsbG8=")
		s.refused(want, "rvpe.transfer.get", user1Session, name, 0)
		s.refused(want, "rvpe.transfer.finalize", user1Session, name)
		s.refused(want, "rvpe.transfer.cancel", user1Session, name)
		if name != "" {
			s.refused(want, "rvpe.image.allocate", user1Session, "name: x\ntransfer: \""+name+"\"")
		}
	}
}

// TestOthersAreKeptOutOf74: in the 7.4 API, a user's objects are not accessible to others
// either. (Zones, quotas and reserved leases are only checked in rvpe.*.)
func TestOthersAreKeptOutOf74(t *testing.T) {
	s := openSharedSite(t)
	s.must("rvpe.lease.assign", adminSession, 2, "user1")
	s.must("rvpe.user.passwd", adminSession, 2, "pw2") // a password for 7.4's clients
	s.until(1, "<LCM_STATE>3<")                        // disksaveas of a VM that does not run is refused for its state first
	api := dial(t, s.endpoint, "user2:pw2")
	for method, args := range map[string][]any{
		"one.vm.info": {0}, "one.vm.action": {"terminate-hard", 0}, "one.vm.disksaveas": {0, 0, "mine", "", -1},
		"one.image.info": {0}, "one.image.delete": {0}, "one.image.update": {0, "A=1", 1},
		"one.host.status": {0, 1}, "one.cluster.delete": {100}, "one.vn.update": {0, "DNS=1.2.3.4", 1}, "one.user.info": {2},
	} {
		if _, err := api.Call(t.Context(), method, args...); err == nil || !strings.Contains(err.Error(), "Not authorized") {
			t.Errorf("%s%v as user2: %v, want that it is not authorized", method, args, err)
		}
	}
}
