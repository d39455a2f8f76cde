package vm

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Attributes of the VM get into TEMPLATE, others of the user stay in USER_TEMPLATE.
func TestAllocateSplitsTheTemplate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.allocate(`NAME=vm1
CPU=0.50
VCPU=1
MEMORY=128
DISK=[IMAGE_ID=0]
NIC=[NETWORK_ID=0]
NOTE="a <b> & c"
SCHED_RANK=FREE_CPU
FEATURES=[ACPI=yes]
CPU_COST=1.5`, true)
	v := w.vm(id)
	if v.Name != "vm1" || v.State != one.VMHold || v.UID != alice.UID {
		t.Errorf("got VM %q of %d in %s; want vm1 of alice in HOLD", v.Name, v.UID, v.State)
	}
	want := map[string]string{"VMID": "0", "CPU": "0.5", "VCPU": "1", "MEMORY": "128", "SUBMIT_ON_HOLD": "YES", "CPU_COST": "1.5",
		"AUTOMATIC_REQUIREMENTS":     "(CLUSTER_ID = 0) & !(PIN_POLICY = PINNED)",
		"AUTOMATIC_DS_REQUIREMENTS":  `("CLUSTERS/ID" @> 0)`,
		"AUTOMATIC_NIC_REQUIREMENTS": `("CLUSTERS/ID" @> 0)`}
	got := map[string]string{}
	for _, a := range v.Template {
		if !a.IsVector {
			got[a.Name] = a.Value
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("TEMPLATE (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(template("NOTE=\"a <b> & c\"\nSCHED_RANK=FREE_CPU"), v.User); diff != "" {
		t.Errorf("USER_TEMPLATE (-want +got):\n%s", diff)
	}
	if got := v.Template.Vector("FEATURES").Get("ACPI"); got != "YES" {
		t.Errorf("FEATURES/ACPI is %q; want YES", got)
	}
}

// TestAllocateCompletesDevices compares devices with those that oned 7.4 made of the same
// template.
func TestAllocateCompletesDevices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.vm(w.allocate("CPU=1\nMEMORY=64\nDISK=[IMAGE_ID=0]\nNIC=[NETWORK_ID=0]\nNIC_ALIAS=[NETWORK_ID=0,PARENT=NIC0]", true))
	disk := subset(v.Disk(0), "DISK_ID", "TARGET", "IMAGE", "IMAGE_STATE", "CLONE", "SAVE", "CLONE_TARGET", "CLUSTER_ID", "SIZE")
	wantDisk := map[string]string{"DISK_ID": "0", "TARGET": "sda", "IMAGE": "disk-one", "IMAGE_STATE": "2", "CLONE": "YES",
		"SAVE": "NO", "CLONE_TARGET": "SYSTEM", "CLUSTER_ID": "0", "SIZE": "64"}
	if diff := cmp.Diff(wantDisk, disk); diff != "" {
		t.Errorf("DISK (-want +got):\n%s", diff)
	}
	nic := subset(v.NIC(0), "NIC_ID", "NAME", "TARGET", "IP", "MAC", "SECURITY_GROUPS", "ALIAS_IDS", "NETWORK")
	wantNIC := map[string]string{"NIC_ID": "0", "NAME": "NIC0", "TARGET": "one-0-0", "IP": "192.168.0.10", "MAC": "02:00:c0:a8:00:0a",
		"SECURITY_GROUPS": "0", "ALIAS_IDS": "1", "NETWORK": "net1"}
	if diff := cmp.Diff(wantNIC, nic); diff != "" {
		t.Errorf("NIC (-want +got):\n%s", diff)
	}
	alias := subset(v.NIC(1), "NIC_ID", "NAME", "TARGET", "PARENT_ID", "ALIAS_ID", "IP")
	wantAlias := map[string]string{"NIC_ID": "1", "NAME": "NIC0_ALIAS1", "TARGET": "one-0-1", "PARENT_ID": "0", "ALIAS_ID": "0", "IP": "192.168.0.11"}
	if diff := cmp.Diff(wantAlias, alias); diff != "" {
		t.Errorf("NIC_ALIAS (-want +got):\n%s", diff)
	}
	if n := len(v.Template.Vectors("SECURITY_GROUP_RULE")); n != 2 {
		t.Errorf("%d rules of security groups; want the 2 of the default one", n)
	}
}

func subset(a *attr.Attr, keys ...string) map[string]string {
	m := map[string]string{}
	for _, key := range keys {
		m[key] = a.Get(key)
	}
	return m
}

func TestTargets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"context before the second disk", "DISK=[IMAGE_ID=0]\nDISK=[TYPE=fs,SIZE=1]\nCONTEXT=[A=1]", "sda sdc; sdb"},
		{"a chosen target is left alone", "DISK=[IMAGE_ID=0,TARGET=sdb]\nDISK=[TYPE=fs,SIZE=1]\nDISK=[TYPE=swap,SIZE=1]", "sdb sda sdc; "},
		{"buses count apart", "DISK=[IMAGE_ID=0,DEV_PREFIX=vd]\nDISK=[TYPE=fs,SIZE=1]", "vda sda; "},
		{"no SATA on a PC", "OS=[MACHINE=pc]\nDISK=[IMAGE_ID=0,DEV_PREFIX=vd]\nCONTEXT=[A=1]", "vda; hda"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			v := w.vm(w.allocate("CPU=1\nMEMORY=64\n"+c.text, true))
			var list []string
			for _, d := range v.Template.Vectors("DISK") {
				list = append(list, d.Get("TARGET"))
			}
			got := strings.Join(list, " ") + "; " + v.Template.Vector("CONTEXT").Get("TARGET")
			if got != c.want {
				t.Errorf("got %q; want %q", got, c.want)
			}
		})
	}
}

func TestLetters(t *testing.T) {
	t.Parallel()
	for i, want := range map[int]string{0: "a", 25: "z", 26: "aa", 51: "az", 52: "ba", 701: "zz", 702: "aaa"} {
		if got := letters(i); got != want {
			t.Errorf("letters(%d) is %q; want %q", i, got, want)
		}
	}
}

// Errors are oned's, and no VM is created.
func TestAllocateRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"MEMORY=64":                              "CPU attribute must be a positive float or integer value.",
		"CPU=0\nMEMORY=64":                       "CPU attribute must be a positive float or integer value.",
		"CPU=1\nMEMORY=-5":                       "MEMORY attribute must be a positive integer value.",
		"CPU=1\nMEMORY=abc":                      "MEMORY attribute must be a positive integer value.",
		"":                                       "MEMORY attribute must be a positive integer value.",
		"CPU=1\nVCPU=-1\nMEMORY=64":              "VCPU attribute must be a positive integer value.",
		"CPU=1\nMEMORY=64\nCPU_COST=-1":          "CPU_COST attribute must be a positive float or integer value.",
		"CPU=1\nMEMORY=64\nDISK=[IMAGE_ID=4242]": "DISK 0: Image with ID: 4242 does not exist",
		"CPU=1\nMEMORY=64\nDISK=[TYPE=odd,SIZE=1]":                                 "DISK 0: Unknown disk type ODD",
		"CPU=1\nMEMORY=64\nDISK=[TYPE=fs]":                                         "DISK 0: SIZE attribute must be a positive integer value.",
		"CPU=1\nMEMORY=64\nDISK=[IMAGE_ID=0,SIZE=1]":                               "DISK 0: SIZE of 1MB is less than the image [0] size of 64MB.",
		"CPU=1\nMEMORY=64\nNIC=[NETWORK=nosuch]":                                   "User 2 does not own a network with name: nosuch . Set NETWORK_UNAME or NETWORK_UID of owner in NIC.",
		"CPU=1\nMEMORY=64\nNIC=[NETWORK_ID=0]\nNIC_ALIAS=[PARENT=x]":               "NIC named x not found for alias",
		"CPU=1\nMEMORY=64\nGRAPHICS=[TYPE=VNC,PORT=99999999]":                      "Wrong PORT number in GRAPHICS attribute",
		"CPU=1\nMEMORY=64\nVIDEO=[TYPE=odd]":                                       "Invalid video TYPE, should be either: none, vga, cirrus, or virtio",
		"CPU=1\nMEMORY=64\nNAME=\"a'b\"":                                           "Invalid NAME, char ''' is not allowed",
		"CPU=1\nMEMORY=64\nOS=[BOOT=disk3]":                                        "Wrong OS/BOOT value. Device with DISK_ID 3 not found",
		"CPU=1\nMEMORY=64\nOS=[BOOT=cd]":                                           `Wrong OS/BOOT value: "cd" should be a comma-separated list of disk# or nic#`,
		"CPU=1\nMEMORY=64\nCONTEXT=[TOKEN=YES]":                                    "TOKEN set, but onegate endpoint was not defined in oned.conf.",
		"CPU=1\nMEMORY=64\nDISK=[IMAGE_ID=0,TARGET=x]\nDISK=[IMAGE_ID=0,TARGET=x]": "Two disks have defined the same target x",
		"CPU=1\nMEMORY=64\nMEMORY_RESIZE_MODE=odd":                                 "Unknown MEMORY_RESIZE_MODE: ODD",
		"CPU=1\nMEMORY=64\nDISK=[IMAGE_ID=odd]":                                    "User [2] : user [2] String 'odd' is not a valid ID.",
		"CPU=1\nMEMORY=64\nOS=odd":                                                 "Internal error parsing OS attribute.",
		"CPU=1\nMEMORY=64\nTPM=[TYPE=odd]":                                         "TPM attribute is missing required key: MODEL",
		"CPU=1\nMEMORY=64\nMEMORY_ENCRYPTION=[ODD=1]":                              "MEMORY_ENCRYPTION attribute is missing required key: TYPE",
		"CPU=1\nMEMORY=64\nIOMMU=[MODEL=odd]":                                      "Unknown IOMMU model; must be intel, virtio, smmuv3 or amd",
		"CPU=1\nMEMORY=64\nIOMMU=[MODEL=smmuv3]":                                   "IOMMU model smmuv3 requires ARM guests",
		"CPU=1\nMEMORY=64\nOS=[MACHINE=pc]\nIOMMU=[MODEL=intel]":                   "IOMMU device requires a Q35/virt guest",
		"CPU=1\nMEMORY=64\nIOMMU=[MODEL=intel]":                                    "Unknown IOMMU mode; must be single or device",
		"CPU=1\nMEMORY=64\nIOMMU=[MODEL=intel,MODE=device,OPTIONS=\"odd=1\"]":      "Parse error in IOMMU options",
		"CPU=1\nMEMORY=64\nVIDEO=[TYPE=vga,IOMMU=YES]":                             "IOMMU and ATS are only available for virtio TYPE",
		"CPU=1\nMEMORY=64\nVIDEO=[TYPE=vga,VRAM=5]":                                "Invalid VRAM value in VIDEO attribute, must be >= 1024",
		"CPU=1\nMEMORY=64\nVIDEO=[TYPE=vga,RESOLUTION=odd]":                        "Invalid RESOLUTION string format",
		"CPU=1\nMEMORY=64\nFEATURES=[MIGRATE_AUTO_CONVERGE=\"1,2,3\"]":             `Wrong FEATURES/MIGRATE_AUTO_CONVERGE value: "1,2,3". Expected initial[,increment]`,
		"CPU=1\nMEMORY=64\nFEATURES=[MIGRATE_AUTO_CONVERGE=101]":                   `Wrong FEATURES/MIGRATE_AUTO_CONVERGE value: "101". Initial and increment values must be between 0 and 100`,
		"CPU=1\nMEMORY=64\nPCI=[VENDOR=8086,ROOT=odd]":                             "Unknown PCI root mode, has to be SHARED or DEDICATED",
		"CPU=1\nMEMORY=64\nPCI=[VENDOR=8086,VM_BUS=odd]":                           "Wrong VM_BUS in PCI attribute",
		"CPU=1\nMEMORY=64\nRAW=[TYPE=odd,DATA=x]":                                  "Invalid RAW section: unsupported TYPE",
		"CPU=1\nMEMORY=64\nDEPLOY_ID=one-7":                                        "Trying to import an OpenNebula VM: 'one-*'.",
	} {
		w := newWorld(t)
		err := w.update(func(tx *store.Tx) error {
			_, err := Allocate(tx, w.s, alice, template(text), true)
			return err
		})
		if err == nil || err.Error() != want {
			t.Errorf("%q: got %v; want %s", text, err, want)
		}
		if n := Kind.Table.Len(w.store.Read()); n != 0 {
			t.Errorf("%q: there are %d VMs; want none", text, n)
		}
		w.audit()
	}
}

// A NIC without a network gets no lease.
func TestNICWithoutNetwork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.allocate("CPU=1\nMEMORY=64\nNIC=[MODEL=virtio,NETWORK_MODE=\"\"]\nNIC_ALIAS=[PARENT=NIC0,IP=10.0.0.9]", true)
	v := w.vm(id)
	if nic := v.Template.Vector("NIC"); nic.Get("NIC_ID") != "0" || nic.Get("NAME") != "NIC0" || nic.Get("IP") != "" {
		t.Errorf("the NIC is %v", nic)
	}
	if alias := v.Template.Vector("NIC_ALIAS"); alias.Get("PARENT_ID") != "0" || alias.Get("IP") != "10.0.0.9" {
		t.Errorf("the alias is %v", alias)
	}
	w.must(func(tx *store.Tx) error { return Act(tx, w.s, oneadmin, id, "terminate") })
	w.audit()
}

// TestContextNetwork compares the variables of NETWORK=YES with those of oned 7.4 for the same
// NIC.
func TestContextNetwork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.vm(w.allocate(`NAME=web
CPU=1
MEMORY=64
PORT=80
DISK=[IMAGE_ID=0]
NIC=[NETWORK_ID=0]
CONTEXT=[NETWORK=YES,SSH_PUBLIC_KEY="$USER[SSH_PUBLIC_KEY]",FOO="$NAME:$PORT",BAR="$DISK[IMAGE, DISK_ID=0] \$5",MASK="$NETWORK[NETWORK_MASK, NETWORK=\"net1\"]",NONE="$NOSUCH[X]"]`, true))
	want := map[string]string{
		"NETWORK": "YES", "SSH_PUBLIC_KEY": "ssh-ed25519 AAAA", "FOO": "web:80", "BAR": `disk-one \$5`, "MASK": "255.255.255.0", "NONE": "",
		"DISK_ID": "1", "TARGET": "sdb",
		"ETH0_DNS": "8.8.8.8", "ETH0_EXTERNAL": "", "ETH0_GATEWAY": "192.168.0.1", "ETH0_IP": "192.168.0.10", "ETH0_IP6": "",
		"ETH0_IP6_GATEWAY": "", "ETH0_IP6_METHOD": "", "ETH0_IP6_METRIC": "", "ETH0_IP6_PREFIX_LENGTH": "", "ETH0_IP6_ULA": "",
		"ETH0_MAC": "02:00:c0:a8:00:0a", "ETH0_MASK": "255.255.255.0", "ETH0_METHOD": "", "ETH0_METRIC": "", "ETH0_MTU": "",
		"ETH0_NETWORK": "192.168.0.0", "ETH0_ROUTES": "", "ETH0_SEARCH_DOMAIN": "", "ETH0_VLAN_ID": "", "ETH0_VROUTER_IP": "",
		"ETH0_VROUTER_IP6": "", "ETH0_VROUTER_MANAGEMENT": "",
	}
	got := map[string]string{}
	for _, p := range v.Template.Vector("CONTEXT").Vector {
		got[p.Key] = p.Value
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("CONTEXT (-want +got):\n%s", diff)
	}
}
