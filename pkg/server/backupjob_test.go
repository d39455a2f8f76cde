package server_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestBackupJob saves two VMs, one after the other; a VM in a job is in no other
// and is not saved by itself, and one that cannot be saved is told and retried.
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
		t.Errorf("all are saved, and yet: %s", doc)
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

// TestBackupJobInTime runs a job because its time has come.
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
