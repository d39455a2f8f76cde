package server_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
)

// TestRVPEStory manages an installation from its first zone to the removal of its last user, as
// the commands do: two zones, a VM in each with reserved and free leases, which is suspended,
// saved and shared; and everything is deleted again.
func TestRVPEStory(t *testing.T) {
	s := openSite(t, nil)
	s.found()
	s.bring(user1Session, "name: centos5.5\ndescription: CentOS5.5\nio_bus: virtio\nnic_model: virtio\npath: /x")
	s.work()
	s.share()
	s.removeAll()
	history := s.must("rvpe.vm.pool", adminSession, -2, 1).(string)
	for _, words := range []string{"<ZONE_NAME>tokyo tech<", "<ZONE_NAME>nii<", "<IMAGE_NAME>saved<", "<TYPE_NAME>small<", "<USER_NAME>user2<"} {
		if !strings.Contains(history, words) {
			t.Errorf("the history lacks %s: %s", words, history)
		}
	}
}

// found makes zones, types and users as the administrator.
func (s site) found() {
	s.t.Helper()
	s.must("rvpe.zone.allocate", adminSession, network("tokyo tech", "192.168.0", "br0")+"host: [host01, host02]\n")
	s.must("rvpe.zone.allocate", adminSession, network("nii", "192.168.7", "br7")+"host: [nii01]\n")
	s.must("rvpe.zone.add_host", adminSession, 2, "nii02")
	s.must("rvpe.zone.add_vnet", adminSession, 1, "name: grid\naddress: 210.146.72.0\nnetmask: 255.255.252.0\ngateway: 210.146.75.254\n"+
		"dns: [210.146.74.243]\nntp: [210.146.75.200]\ninterface: br5\nlease: [{name: vm00.g.net, address: 210.146.75.204}]\n")
	s.must("rvpe.vn.add_lease", adminSession, 2, "vm02.nii.net", "192.168.7.12")
	s.must("rvpe.vmtype.allocate", adminSession, "name: small\ncpu: 1\nmemory: 1024\nweight: 1\n")
	s.must("rvpe.vmtype.allocate", adminSession, "name: large\ncpu: 4\nmemory: 4096\nweight: 3\n")
	for _, session := range []string{user1Session, user2Session} {
		name, sum, _ := strings.Cut(session, ":")
		s.must("rvpe.user.allocate", adminSession, name, sum)
	}
	s.must("rvpe.user.enable_zone", adminSession, 1, true, 1, 3)
	s.must("rvpe.user.enable_zone", adminSession, 1, true, 2, 1)
	s.must("rvpe.user.enable_zone", adminSession, 2, true, 2, 1)
	s.must("rvpe.lease.assign", adminSession, 2, "user1")
	for host := range 4 {
		s.await("rvpe.host.info", host, "<STATE>2<")
	}
}

// work is what the first user does: VM 1 is in two networks, VM 2 in the other zone.
func (s site) work() {
	s.t.Helper()
	s.must("rvpe.vm.allocate", user1Session, "small", 0, "key", "tokyo tech", "lan#vm01.tokyo.net;grid")
	s.must("rvpe.vm.allocate", user1Session, "small", 0, "key", "nii", "lan")
	s.refused("User[user1] can't run any more VMs in Zone[nii] as quota reached.", "rvpe.vm.allocate", user1Session, "small", 0, "key", "nii", "lan")
	s.refused("User[user1] can't run any more VMs in Zone[tokyo tech] as quota reached.", "rvpe.vm.allocate", user1Session, "large", 0, "key", "tokyo tech", "lan")
	s.refused("User[user2] don't have permission to run VMs in Zone[tokyo tech].", "rvpe.vm.allocate", user2Session, "small", 0, "key", "tokyo tech", "lan")
	for vm, at := range map[int]string{1: "<HOSTNAME>host0", 2: "<HOSTNAME>nii0"} {
		s.until(vm, "<LCM_STATE>3<")
		s.until(vm, at)
	}
	xml := s.must("rvpe.vm.info", user1Session, 1).(string)
	for _, words := range []string{"<NAME>vm01.tokyo.net<", "<ADDRESS>192.168.0.11<", "<ADDRESS>210.146.75.204<", "<ETH1_IPADDR><![CDATA[210.146.75.204]]>", "<PRIMARY_IPADDR><![CDATA[192.168.0.11]]>"} {
		if !strings.Contains(xml, words) {
			s.t.Errorf("the VM in two networks has no %s: %s", words, xml)
		}
	}
	if user := s.must("rvpe.user.info", user1Session, 1).(string); !strings.Contains(user, "<ZONE_USES>1;1<") {
		s.t.Errorf("two VMs run: %s", user)
	}
	s.must("rvpe.vm.action", user1Session, 1, "suspend")
	s.until(1, "<STATE>5<")
	s.must("rvpe.vm.action", user1Session, 1, "resume")
	s.until(1, "<LCM_STATE>3<")
	s.must("rvpe.vm.mark_save", user1Session, 1, "saved", "what user1 did")
	s.refused("VM[1] is already marked to save its OS image as Image[1]", "rvpe.vm.mark_save", user1Session, 1, "again", "")
	s.must("rvpe.vm.action", user1Session, 1, "shutdown")
	s.until(1, "<STATE>6<")
	s.await("rvpe.image.info", 1, "<STATE>1<")
}

// share: the second user runs the first one's saved image, and the first downloads it.
func (s site) share() {
	s.t.Helper()
	s.refused("Image[saved] is not found. ", "rvpe.image.ask_id", user2Session, "saved")
	s.must("rvpe.image.publish", user1Session, 1, true)
	s.must("rvpe.vm.allocate", user2Session, "small", 1, "key", "nii", "lan")
	s.until(3, "<LCM_STATE>3<")
	if got := s.fetch(user1Session, s.source(user1Session, 0)); !bytes.Equal(got, disk()) {
		s.t.Errorf("the downloaded image differs: %d bytes", len(got))
	}
}

// fetch downloads a file as the commands do.
func (s site) fetch(session, source string) (data []byte) {
	s.t.Helper()
	xml := s.must("rvpe.transfer.init", session, "get", source, -1).(string)
	name, size := between(xml, "<NAME>", "</NAME>"), number(s.t, xml, "SIZE")
	for len(data) < size {
		chunk, err := base64.StdEncoding.DecodeString(s.must("rvpe.transfer.get", session, name, len(data)).(string))
		if err != nil || len(chunk) == 0 {
			s.t.Fatalf("at byte %d: %d bytes, %v", len(data), len(chunk), err)
		}
		data = append(data, chunk...)
	}
	s.must("rvpe.transfer.finalize", session, name)
	return data
}

// removeAll deletes everything in an order that is possible, and checks that others are
// refused.
func (s site) removeAll() {
	s.t.Helper()
	s.refused("Can't delete a user who has incomplete VMs (whose state is neigher 'done' or 'fail'): User[user2]", "rvpe.user.delete", adminSession, 2)
	s.must("rvpe.vm.action", user1Session, 2, "shutdown")
	s.must("rvpe.vm.action", adminSession, 3, "finalize")
	s.until(2, "<STATE>6<")
	s.until(3, "<STATE>6<")
	s.refused("Can't delete a user who has OS Images: User[user1]", "rvpe.user.delete", adminSession, 1)
	s.await("rvpe.image.info", 1, "<STATE>1<")
	for id := range 2 {
		source := s.source(user1Session, id)
		s.must("rvpe.image.delete", user1Session, id)
		s.must("rvpe.transfer.delete", user1Session, source)
		s.gone("rvpe.image.info", id)
	}
	s.must("rvpe.lease.release", adminSession, 2)
	s.must("rvpe.vn.remove_lease", adminSession, 2, "vm02.nii.net")
	s.must("rvpe.user.delete", adminSession, 1)
	s.must("rvpe.user.delete", adminSession, 2)
	s.must("rvpe.zone.remove_host", adminSession, 2, "nii02")
	s.must("rvpe.zone.remove_vnet", adminSession, 1, "grid")
	for id := 1; id <= 2; id++ {
		s.must("rvpe.zone.delete", adminSession, id)
		s.must("rvpe.vmtype.delete", adminSession, id)
	}
	for method, want := range map[string]string{
		"zone.pool": "<ZONE_POOL/>", "vn.pool": "<VNET_POOL/>", "vmtype.pool": "<VMTYPE_POOL/>", "host.pool": "<HOST_POOL></HOST_POOL>",
	} {
		if got := s.must("rvpe."+method, adminSession); got != want {
			s.t.Errorf("%s: %v is left", method, got)
		}
	}
	for method, want := range map[string]string{"lease.pool": "<LEASE_POOL/>", "image.pool": "<IMAGE_POOL></IMAGE_POOL>"} {
		if got := s.must("rvpe."+method, adminSession, -2); got != want {
			s.t.Errorf("%s: %v is left", method, got)
		}
	}
	if got := s.must("rvpe.vm.pool", adminSession, -2, 0); got != "<VM_POOL/>" {
		s.t.Errorf("VMs are left: %v", got)
	}
}

// gone waits until a call is refused.
func (s site) gone(method string, id int) {
	s.t.Helper()
	s.eventually(method, func() bool { list, _ := s.ask(method, adminSession, id).([]any); return list[0] == false })
}
