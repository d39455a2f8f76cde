package server_test

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// number finds the number in an element of an answer.
func number(t *testing.T, doc, element string) int {
	t.Helper()
	found := regexp.MustCompile("<" + element + `>(?:<!\[CDATA\[)?(-?\d+)`).FindStringSubmatch(doc)
	if found == nil {
		t.Fatalf("there is no %s in %s", element, doc)
	}
	n, err := strconv.Atoi(found[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// refusedWith is a call that is refused with a text.
func (w world) refusedWith(t *testing.T, text, method string, args ...any) {
	t.Helper()
	if _, err := w.Call(context.Background(), method, args...); err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("%s %v: %v; want %q", method, args, err, text)
	}
}

// TestBackups takes simulated backups: full and incremental ones, more than are kept, of a VM
// that runs or is off; then cancels one, restores, and deletes.
func TestBackups(t *testing.T) {
	w := open(t, 1, nil)
	ds := w.must(t, "one.datastore.allocate", "NAME=backups\nDS_MAD=dummy\nTYPE=BACKUP_DS", -1)
	vm := w.must(t, "one.vm.allocate", "NAME=saved\nCPU=1\nMEMORY=64\nDISK=[IMAGE=demo]\nNIC=[NETWORK=demo]\nBACKUP_CONFIG=[KEEP_LAST=2]", false)
	w.until(t, "one.vm.info", vm, "<LCM_STATE>3</LCM_STATE>")
	w.refusedWith(t, "Datastore needs to be of type BACKUP", "one.vm.backup", vm, 1, false)
	w.refusedWith(t, "no backup in progress", "one.vm.backupcancel", vm)

	for n := range 3 {
		w.must(t, "one.vm.backup", vm, ds, false)
		w.until(t, "one.datastore.info", ds, fmt.Sprintf("<IMAGES>%s</IMAGES>", ids(n, 2)))
		w.until(t, "one.vm.info", vm, "<LCM_STATE>3</LCM_STATE>")
	}
	w.until(t, "one.vm.info", vm, "<BACKUP_IDS>"+ids(2, 2)+"</BACKUP_IDS>")
	doc := w.until(t, "one.image.info", 3, "<TYPE>6</TYPE>")
	for _, part := range []string{"<STATE>1</STATE>", "<RUNNING_VMS>1</RUNNING_VMS>", fmt.Sprintf("<VMS><ID>%d</ID></VMS>", vm), "<BACKUP_DISK_IDS><ID>0</ID></BACKUP_DISK_IDS>"} {
		if !strings.Contains(doc, part) {
			t.Errorf("the backup lacks %s: %s", part, doc)
		}
	}
	answer, err := w.Call(context.Background(), "one.image.restore", 3, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	restored := strings.Fields(answer.Text)
	if len(restored) != 2 {
		t.Fatalf("restoring answers %q; want a template and an image", answer.Text)
	}
	image, _ := strconv.Atoi(restored[1])
	w.until(t, "one.image.info", image, "<STATE>1</STATE>")
	tmpl, _ := strconv.Atoi(restored[0])
	w.until(t, "one.template.info", tmpl, "<IMAGE_ID><![CDATA["+restored[1]+"]]></IMAGE_ID>")

	w.must(t, "one.vm.action", "poweroff-hard", vm)
	w.until(t, "one.vm.info", vm, "<STATE>8</STATE>")
	w.must(t, "one.vm.restore", vm, 3, -1, -1)
	w.until(t, "one.vm.info", vm, "<STATE>8</STATE>")
	w.must(t, "one.vm.backup", vm, ds, false)
	w.until(t, "one.vm.info", vm, "<STATE>8</STATE>")
	w.must(t, "one.image.delete", 3, false)
	w.until(t, "one.datastore.info", ds, "<IMAGES><ID>5</ID></IMAGES>")
	w.must(t, "one.vm.action", "terminate-hard", vm)
	w.until(t, "one.vm.info", vm, "<STATE>6</STATE>")
}

// ids lists the newest most of the images that n+1 backups made; image 0 is the demo image.
func ids(n, most int) (list string) {
	for id := max(1, n+2-most); id <= n+1; id++ {
		list += fmt.Sprintf("<ID>%d</ID>", id)
	}
	return list
}

// TestIncrements makes more increments than are kept: the oldest are merged.
func TestIncrements(t *testing.T) {
	w := open(t, 1, nil)
	ds := w.must(t, "one.datastore.allocate", "NAME=backups\nDS_MAD=dummy\nTYPE=BACKUP_DS", -1)
	vm := w.must(t, "one.vm.allocate", "CPU=1\nMEMORY=64\nDISK=[TYPE=fs,SIZE=10,FORMAT=qcow2]\nBACKUP_CONFIG=[MODE=INCREMENT,BACKUP_VOLATILE=YES,KEEP_LAST=3]", false)
	w.until(t, "one.vm.info", vm, "<LCM_STATE>3</LCM_STATE>")
	for n := range 5 {
		w.must(t, "one.vm.backup", vm, ds, false)
		w.until(t, "one.vm.info", vm, fmt.Sprintf("<LAST_INCREMENT_ID><![CDATA[%d]]>", n))
		w.until(t, "one.image.info", 1, "<STATE>1</STATE>")
	}
	doc := w.until(t, "one.image.info", 1, "<ID><![CDATA[4]]></ID>")
	if n := strings.Count(doc, "<INCREMENT>"); n != 3 {
		t.Errorf("the chain has %d increments, want 3: %s", n, doc)
	}
	if first := number(t, doc[strings.Index(doc, "<INCREMENT>"):], "PARENT_ID"); first != -1 {
		t.Errorf("the first increment has the parent %d: %s", first, doc)
	}
	w.must(t, "one.image.delete", 1, false)
	w.until(t, "one.vm.info", vm, "<LAST_INCREMENT_ID><![CDATA[-1]]>")
}
