package server_test

import (
	"path/filepath"
	"strings"
)

// probes makes the handwritten calls.
func (p *play) probes() {
	x := p.find("zone.allocate", "ok")
	p.must(x.Method, x.Params...)
	for _, session := range []string{user1Session, user2Session} {
		name, sum, _ := strings.Cut(session, ":")
		p.must("rvpe.user.allocate", adminSession, name, sum)
	}
	p.must("rvpe.user.enable_zone", adminSession, 1, true, 1, 3)
	p.must("rvpe.vmtype.allocate", adminSession, "name: small\ncpu: 1\nmemory: 1024\nweight: 1\ndescription: small size VM\n")
	p.wire()
	for _, which := range []string{
		"host-ask_id-missing", "lease-assign-nolease", "lease-assign-nouser", "lease-info-unassigned-user", "lease-pool-other",
		"lease-pool-user", "string-id", "user-delete-missing", "user-enable-missing", "user-enable_zone-missing", "user-info-missing",
		"user-passwd", "vmtype-allocate-badcpu", "vmtype-allocate-hash", "vmtype-allocate-semicolon", "vmtype-allocate-upper",
		"vmtype-allocate-utf8", "vmtype-delete-missing", "vmtype-info-missing", "vmtype-pool", "http-RPC2",
		"vn-ask_id", "vn-ask_id-missing", "vn-info-missing", "zone-delete-missing", "zone-info-missing",
		"host-info-missing", "image-delete-missing", "image-info-missing", "image-pool-nouser", "image-validate-big",
		"image-validate-empty", "image-validate-ok", "image-validate-raw", "image-validate-unparsable",
		"vm-ask_id-missing", "vm-info-missing", "vm-mark_save-missing", "vm-allocate-noimage", "vm-pool-otheruid",
	} {
		p.rec("", which)
	}
	p.probeTransfers()
	p.probeVMs()
	p.rec("", "vn-add_dns-multi")
	p.rec("", "vn-remove_dns-absent")
}

func (p *play) probeTransfers() {
	began := func(which string, instead ...any) string {
		return between(p.rec("transfer.init", which, instead...).([]any)[1].(string), "<NAME>", "</NAME>")
	}
	for _, which := range []string{"transfer-init-badtype", "transfer-init-get-missing"} {
		p.rec("", which)
	}
	put := began("transfer-init-put")
	path := p.spool(put)
	p.rec("", "transfer-put-1", 1, put)
	p.rec("", "transfer-put-2", 1, put)
	p.refused("Transfer["+put+"] is not found.", "rvpe.transfer.put", adminSession, put, "")
	p.rec("", "transfer-finalize", 1, put)
	p.rec("", "transfer-finalize-twice", 1, put)
	p.rec("", "transfer-put-after-done", 1, put)
	get := began("transfer-init-get", 2, path)
	for _, which := range []string{"transfer-get-0", "transfer-get-5", "transfer-get-eof", "transfer-get-finalize"} {
		p.rec("", which, 1, get)
	}
	p.rec("", "transfer-delete", 1, path)
	p.refused("File["+path+"] does not exist.", "rvpe.transfer.delete", user1Session, path)
	p.find("transfer.delete", "transfer-delete-missing").used = true // with another path
	short := began("transfer-init-put-short")
	p.rec("", "transfer-put-short", 1, short)
	p.rec("", "transfer-finalize-short", 1, short)
	cancelled := began("transfer-init-cancel")
	p.rec("", "transfer-cancel", 1, cancelled)
	p.refused("Transfer["+cancelled+"] is not found.", "rvpe.transfer.cancel", user1Session, cancelled)
	p.refused("Transfer[nosession] is not found.", "rvpe.transfer.put", user1Session, "nosession", "aGVsbG8=")
}

// spool is the path of a session's file.
func (s site) spool(name string) string {
	return filepath.Join(s.data, "datastores", "temporal_transfer", name)
}

func (p *play) probeVMs() {
	p.bring(adminSession, "name: centos5.5\ndescription: CentOS5.5 for Renkei VPE\npublic: true\npath: /x")
	p.must("rvpe.vm.allocate", user1Session, "small", 0, "k", "tokyo tech", "test")
	for _, which := range []string{
		"vm-pool-mine", "vm-pool-mine-history", "vm-pool-uid", "vm-action-hold", "vm-action-release", "vm-action-unknown",
		"vm-action-uppercase", "lease-pool-all-admin", "vm-allocate-type-by-id",
	} {
		p.rec("", which)
	}
	p.must("rvpe.vm.action", user1Session, 2, "finalize")
	p.must("rvpe.vm.allocate", user1Session, "small", 0, "k", "1", "test")
}

// wire posts bodies that are not valid calls.
func (p *play) wire() {
	for _, which := range []string{
		"listMethods", "methodHelp", "methodSignature", "methodSignature-put", "no-session", "nosuch", "session-empty",
		"session-no-colon", "too-few-args", "too-many-args",
	} {
		p.rec("", which)
	}
}
