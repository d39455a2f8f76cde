package server_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// TestBackupJob backs up two VMs, one after the other; a VM in a job cannot be in another one
// or be backed up by itself; VMs that fail are listed and can be retried.
func TestBackupJob(t *testing.T) {
	w := open(t, 1, nil)
	ds := w.must(t, "one.datastore.allocate", "NAME=backups\nDS_MAD=dummy\nTYPE=BACKUP_DS", -1)
	var vms []int
	for range 2 {
		vm := w.must(t, "one.vm.allocate", "CPU=0.1\nMEMORY=64\nDISK=[IMAGE=demo]", false)
		w.until(t, "one.vm.info", vm, "<LCM_STATE>3</LCM_STATE>")
		vms = append(vms, vm)
	}
	list := fmt.Sprintf("<ID>%d</ID><ID>%d</ID>", vms[0], vms[1])
	job := w.must(t, "one.backupjob.allocate", fmt.Sprintf("NAME=nightly\nDATASTORE_ID=%d\nBACKUP_VMS=\"%d,%d\"\nKEEP_LAST=2", ds, vms[0], vms[1]))
	w.refusedWith(t, "It's already in Backup Job 0", "one.backupjob.allocate", fmt.Sprintf("NAME=other\nBACKUP_VMS=\"%d\"", vms[0]))
	w.refusedWith(t, "it is part of Backup Job ID 0", "one.vm.backup", vms[0], ds, false)
	w.refusedWith(t, "Wrong priority value", "one.backupjob.priority", job, 100)

	w.must(t, "one.backupjob.backup", job)
	doc := w.until(t, "one.backupjob.info", job, "<UPDATED_VMS>"+list+"</UPDATED_VMS>")
	if !strings.Contains(doc, "<OUTDATED_VMS></OUTDATED_VMS><BACKING_UP_VMS></BACKING_UP_VMS><ERROR_VMS></ERROR_VMS>") {
		t.Errorf("all VMs are backed up, but: %s", doc)
	}
	w.until(t, "one.vm.info", vms[1], "<BACKUP_JOB_ID><![CDATA[0]]></BACKUP_JOB_ID>")

	w.must(t, "one.vm.action", "suspend", vms[1])
	w.until(t, "one.vm.info", vms[1], "<STATE>5</STATE>")
	w.must(t, "one.backupjob.backup", job)
	w.until(t, "one.backupjob.info", job, fmt.Sprintf("<ERROR_VMS><ID>%d</ID></ERROR_VMS>", vms[1]))
	w.until(t, "one.backupjob.info", job, "wrong state SUSPENDED")
	w.must(t, "one.vm.action", "resume", vms[1])
	w.until(t, "one.vm.info", vms[1], "<LCM_STATE>3</LCM_STATE>")
	w.must(t, "one.backupjob.retry", job)
	w.until(t, "one.backupjob.info", job, "<UPDATED_VMS>"+list+"</UPDATED_VMS>")

	w.must(t, "one.backupjob.delete", job)
	w.must(t, "one.vm.backup", vms[0], ds, false)
	w.until(t, "one.vm.info", vms[0], "<LCM_STATE>3</LCM_STATE>")
}

// TestBackupJobInTime runs a job by a scheduled action.
func TestBackupJobInTime(t *testing.T) {
	w := open(t, 1, nil)
	ds := w.must(t, "one.datastore.allocate", "NAME=backups\nDS_MAD=dummy\nTYPE=BACKUP_DS", -1)
	vm := w.must(t, "one.vm.allocate", "CPU=0.1\nMEMORY=64\nDISK=[IMAGE=demo]", false)
	w.until(t, "one.vm.info", vm, "<LCM_STATE>3</LCM_STATE>")
	job := w.must(t, "one.backupjob.allocate", fmt.Sprintf("NAME=j\nDATASTORE_ID=%d\nBACKUP_VMS=\"%d\"\nSCHED_ACTION=[TIME=5]", ds, vm))
	doc := w.until(t, "one.backupjob.info", job, fmt.Sprintf("<UPDATED_VMS><ID>%d</ID></UPDATED_VMS>", vm))
	if !strings.Contains(doc, "<TYPE>BACKUPJOB</TYPE><ACTION>backup</ACTION>") {
		t.Errorf("the job does not show what was scheduled: %s", doc)
	}
}

// TestBackupJobNamesOwnVMs: a job may only have VMs that its owner may back up; after chown
// that is the new owner.
func TestBackupJobNamesOwnVMs(t *testing.T) {
	w := open(t, 1, nil)
	ds := w.must(t, "one.datastore.allocate", "NAME=backups\nDS_MAD=dummy\nTYPE=BACKUP_DS", -1)
	eve := w.must(t, "one.user.allocate", "eve", "pw", "core", []any{1})
	theirs := w.must(t, "one.vm.allocate", "CPU=0.1\nMEMORY=64\nDISK=[IMAGE=demo]", false)
	evil := world{dial(t, w.endpoint, "eve:pw"), w.endpoint, w.addresses}
	own := evil.must(t, "one.vm.allocate", "CPU=0.1\nMEMORY=64", false)
	w.must(t, "one.vm.chmod", own, -1, -1, 1, -1, -1, -1, -1, -1, -1)
	for _, vm := range []int{theirs, own} {
		w.until(t, "one.vm.info", vm, "<LCM_STATE>3</LCM_STATE>")
	}
	names := func(vms string) string { return fmt.Sprintf("NAME=j\nDATASTORE_ID=%d\nBACKUP_VMS=\"%s\"", ds, vms) }
	refusal := fmt.Sprintf("User [%d] : Not authorized to perform ADMIN VM [%d].", eve, theirs)
	both := fmt.Sprintf("%d,%d", own, theirs)

	evil.refusedWith(t, refusal, "one.backupjob.allocate", names(both))
	w.must(t, "one.acl.addrule", hex(0x100000000+eve), "100000400000000", "8", "400000000") // BACKUPJOB/* CREATE
	evil.refusedWith(t, refusal, "one.backupjob.allocate", names(both))
	job := evil.must(t, "one.backupjob.allocate", names(strconv.Itoa(own)))
	evil.refusedWith(t, refusal, "one.backupjob.update", job, names(both), 0)
	evil.refusedWith(t, refusal, "one.backupjob.update", job, names(both), 1)
	evil.must(t, "one.backupjob.backup", job)
	w.until(t, "one.backupjob.info", job, fmt.Sprintf("<UPDATED_VMS><ID>%d</ID></UPDATED_VMS>", own))

	given := w.must(t, "one.backupjob.allocate", strings.Replace(names(strconv.Itoa(theirs)), "NAME=j", "NAME=given", 1))
	w.must(t, "one.backupjob.chown", given, eve, -1)
	evil.must(t, "one.backupjob.backup", given)
	doc := w.until(t, "one.backupjob.info", given, fmt.Sprintf("<ERROR_VMS><ID>%d</ID></ERROR_VMS>", theirs))
	if !strings.Contains(doc, refusal) {
		t.Errorf("the job's document lacks %q: %s", refusal, doc)
	}
}

// TestBackupJobNamesAnOpenDatastore: a job needs a datastore that its owner may use.
func TestBackupJobNamesAnOpenDatastore(t *testing.T) {
	w := open(t, -1, nil)
	ds := w.must(t, "one.datastore.allocate", "NAME=backups\nDS_MAD=dummy\nTYPE=BACKUP_DS", -1)
	gid := w.must(t, "one.group.allocate", "poor")
	w.must(t, "one.vdc.delgroup", 0, gid)
	uid := w.must(t, "one.user.allocate", "paul", "pw", "core", []any{gid})
	w.must(t, "one.acl.addrule", hex(0x100000000+uid), "100000400000000", "8", "400000000") // BACKUPJOB/* CREATE
	paul := world{dial(t, w.endpoint, "paul:pw"), w.endpoint, w.addresses}
	said := fmt.Sprintf("NAME=j\nDATASTORE_ID=%d", ds)
	paul.refusedWith(t, fmt.Sprintf("User [%d] : Not authorized to perform USE DATASTORE [%d].", uid, ds), "one.backupjob.allocate", said)
	w.must(t, "one.datastore.chmod", ds, -1, -1, -1, -1, -1, -1, 1, -1, -1)
	paul.must(t, "one.backupjob.allocate", said)
}
