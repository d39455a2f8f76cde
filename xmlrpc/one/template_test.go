package one

import (
	"strings"
	"testing"
)

func TestTemplateCallsAnswerAsOned(t *testing.T) {
	t.Parallel()
	f := newImageFace(t)
	id := func(n int) int32 { return int32(n) }
	f.steps([]step{
		{"oneadmin", "one.image.allocate", []any{"NAME=disk\nTYPE=DATABLOCK\nSIZE=64", id(1)}, "0"},
		{"oneadmin", "one.template.allocate", []any{""}, "Invalid NAME, it cannot be empty"},
		{"oneadmin", "one.template.allocate", []any{"NAME=t0\nCPU=1\nMEMORY=64\nDISK=[IMAGE_ID=0]\nRAW=[TYPE=kvm,DATA=x]"}, "0"},
		{"alice", "one.template.allocate", []any{"NAME=tr\nCPU=1\nMEMORY=64\nRAW=[DATA=x]"}, "User [2] : VM Template includes a restricted attribute DATA."},
		{"alice", "one.template.allocate", []any{"NAME=ta\nCPU=1\nMEMORY=64"}, "1"},
		{"oneadmin", "one.template.info", []any{id(4242)}, "Error getting virtual machine template [4242]."},
		{"oneadmin", "one.template.clone", []any{id(0), "copy", false}, "2"},
		{"oneadmin", "one.template.clone", []any{id(0), "copy"}, "NAME is already taken by TEMPLATE 2."},
		{"oneadmin", "one.template.clone", []any{id(0), "rec", true}, "3"},
		{"oneadmin", "one.template.clone", []any{id(0), "rec", true}, "NAME is already taken by TEMPLATE 3."},
		{"oneadmin", "one.template.rename", []any{id(3), "rec-1"}, "3"},
		{"oneadmin", "one.template.clone", []any{id(0), "rec", true}, "Failed to clone images: NAME is already taken by IMAGE 1."},
		{"oneadmin", "one.template.delete", []any{id(4242)}, "Error getting virtual machine template [4242]."},
		{"alice", "one.template.instantiate", []any{id(0), "x", true}, "User [2] : Not authorized to perform USE TEMPLATE [0]; Not authorized to perform USE IMAGE [0]."},
		{"alice", "one.template.instantiate", []any{id(1), "x", true, "RAW=[DATA=x]"}, "User [2] : User Template includes a restricted attribute RAW."},
		{"oneadmin", "one.template.instantiate", []any{id(0), "", true}, "0"},
		{"alice", "one.template.instantiate", []any{id(1), "inst-%i", true, "MEMORY=128"}, "1"},
		{"oneadmin", "one.template.allocate", []any{"NAME=router\nCPU=1\nMEMORY=64\nVROUTER=YES"}, "4"},
		{"oneadmin", "one.template.instantiate", []any{id(4), ""}, "Virtual router templates cannot be instantiated"},
		{"oneadmin", "one.template.instantiate", []any{id(1), "", true, "CPU=-1"}, "Error allocating a new virtual machine template. CPU attribute must be a positive float or integer value."},
		{"alice", "one.template.instantiate", []any{id(1), "free", true, "CPU_COST=\"\""}, "2"},
		{"oneadmin", "one.template.delete", []any{id(3), true}, "3"},
		{"oneadmin", "one.template.update", []any{id(1), "DISK=[IMAGE=nosuch]", id(1)}, "1"},
		{"oneadmin", "one.template.clone", []any{id(1), "without", true}, "5"},
		{"oneadmin", "one.image.info", []any{id(1)}, "Error getting image [1]."},
	})
	if got := f.call("oneadmin", "one.vm.info", id(0)); !strings.Contains(got, "<NAME>t0-0</NAME>") || !strings.Contains(got, "<TEMPLATE_ID><![CDATA[0]]></TEMPLATE_ID>") {
		t.Errorf("the VM of template 0 is %s", got)
	}
	if got := f.call("alice", "one.vm.info", id(1)); !strings.Contains(got, "<NAME>inst-%i</NAME>") || !strings.Contains(got, "<MEMORY><![CDATA[128]]></MEMORY>") {
		t.Errorf("the VM of template 1 is %s", got)
	}
}

// A persistent VM waits for its own images, and has a template of its own.
func TestInstantiatingPersistently(t *testing.T) {
	t.Parallel()
	f := newImageFace(t)
	f.call("oneadmin", "one.image.allocate", "NAME=disk\nTYPE=DATABLOCK\nSIZE=64", int32(1))
	f.settle()
	f.call("oneadmin", "one.template.allocate", "NAME=t0\nCPU=1\nMEMORY=64\nDISK=[IMAGE=disk,IMAGE_UNAME=oneadmin]")
	if got := f.call("oneadmin", "one.template.instantiate", int32(0), "own", false, "MEMORY=128", true); got != "0" {
		t.Fatalf("got %q", got)
	}
	waiting := f.call("oneadmin", "one.vm.info", int32(0))
	f.settle()
	ready := f.call("oneadmin", "one.vm.info", int32(0))
	for _, c := range []struct{ what, doc, part string }{
		{"the VM that waits", waiting, "<STATE>10</STATE>"},
		{"the VM", ready, "<STATE>1</STATE>"},
		{"the VM", ready, "<CLONING_TEMPLATE_ID><![CDATA[0]]></CLONING_TEMPLATE_ID>"},
		{"the VM", ready, "<TEMPLATE_ID><![CDATA[1]]></TEMPLATE_ID>"},
		{"its template", f.call("oneadmin", "one.template.info", int32(1)), "<NAME>own</NAME>"},
		{"its template", f.call("oneadmin", "one.template.info", int32(1)), "<DISK><IMAGE_ID><![CDATA[1]]></IMAGE_ID></DISK><MEMORY><![CDATA[128]]></MEMORY>"},
		{"its image", f.call("oneadmin", "one.image.info", int32(1)), "<NAME>own-disk-0</NAME>"},
		{"its image", f.call("oneadmin", "one.image.info", int32(1)), "<PERSISTENT>1</PERSISTENT>"},
		{"its image", f.call("oneadmin", "one.image.info", int32(1)), "<STATE>8</STATE>"},
		{"the origin", f.call("oneadmin", "one.image.info", int32(0)), "<STATE>1</STATE>"},
	} {
		if !strings.Contains(c.doc, c.part) {
			t.Errorf("%s has no %s: %s", c.what, c.part, c.doc)
		}
	}
}

// A refused call makes neither images nor a template.
func TestARefusedInstantiationLeavesNothing(t *testing.T) {
	t.Parallel()
	f := newImageFace(t)
	f.call("oneadmin", "one.image.allocate", "NAME=disk\nTYPE=DATABLOCK\nSIZE=64", int32(1))
	f.settle()
	f.call("oneadmin", "one.template.allocate", "NAME=t0\nCPU=1\nMEMORY=64\nDISK=[IMAGE_ID=0]\nNIC=[NETWORK_ID=4242]")
	if got := f.call("oneadmin", "one.template.instantiate", int32(0), "own", false, "", true); !strings.Contains(got, "4242") {
		t.Fatalf("got %q", got)
	}
	if got := f.call("oneadmin", "one.image.info", int32(0)); !strings.Contains(got, "<CLONING_OPS>0</CLONING_OPS>") {
		t.Errorf("the origin is still copied: %s", got)
	}
	for _, name := range []string{"one.templatepool.info", "one.imagepool.info"} {
		if got := f.call("oneadmin", name, int32(-2), int32(-1), int32(-1)); strings.Contains(got, "own") {
			t.Errorf("%s shows what was refused: %s", name, got)
		}
	}
}

func TestChmodWithImages(t *testing.T) {
	t.Parallel()
	f := newImageFace(t)
	f.call("alice", "one.image.allocate", "NAME=hers\nSIZE=1", int32(1))
	f.call("oneadmin", "one.image.allocate", "NAME=his\nSIZE=1", int32(1))
	f.settle()
	f.call("alice", "one.template.allocate", "NAME=t0\nCPU=1\nMEMORY=64\nDISK=[IMAGE_ID=0]")
	f.call("alice", "one.template.allocate", "NAME=t1\nCPU=1\nMEMORY=64\nDISK=[IMAGE_ID=0]\nDISK=[IMAGE_ID=1]")
	chmod := func(id int32) string {
		args := append([]any{id}, ids(1, 1, 0, 1, 0, 0, 0, 0, 0)...)
		return f.call("alice", "one.template.chmod", append(args, true)...)
	}
	if got := chmod(1); got != "Cannot chmod image: 1" {
		t.Errorf("got %q", got)
	}
	if got := f.call("alice", "one.image.info", int32(0)); !strings.Contains(got, "<GROUP_U>0</GROUP_U>") {
		t.Errorf("a refused chmod changed: %s", got)
	}
	if got := chmod(0); got != "0" {
		t.Errorf("got %q", got)
	}
	if got := f.call("alice", "one.image.info", int32(0)); !strings.Contains(got, "<GROUP_U>1</GROUP_U>") {
		t.Errorf("chmod did not change: %s", got)
	}
}

// The extended form shows disks as VMs would have them.
func TestExtendedInfo(t *testing.T) {
	t.Parallel()
	f := newImageFace(t)
	f.call("oneadmin", "one.image.allocate", "NAME=disk\nTYPE=DATABLOCK\nSIZE=64", int32(1))
	f.settle()
	f.call("oneadmin", "one.template.allocate", "NAME=t0\nCPU=1\nMEMORY=64\nDISK=[IMAGE_ID=0,SIZE=128]\nDISK=[IMAGE_ID=4242]")
	plain, extended := f.call("oneadmin", "one.template.info", int32(0)), f.call("oneadmin", "one.template.info", int32(0), true)
	if strings.Contains(plain, "SOURCE") || !strings.Contains(plain, "<DISK><IMAGE_ID><![CDATA[0]]></IMAGE_ID><SIZE><![CDATA[128]]></SIZE></DISK>") {
		t.Errorf("plain: %s", plain)
	}
	for _, part := range []string{
		"<SOURCE><![CDATA[dummy_path]]></SOURCE>", "<ORIGINAL_SIZE><![CDATA[64]]></ORIGINAL_SIZE>", "<SIZE><![CDATA[128]]></SIZE>",
		"<DISK><DISK_ID><![CDATA[1]]></DISK_ID><IMAGE_ID><![CDATA[4242]]></IMAGE_ID></DISK>",
	} {
		if !strings.Contains(extended, part) {
			t.Errorf("extended has no %s: %s", part, extended)
		}
	}
}
