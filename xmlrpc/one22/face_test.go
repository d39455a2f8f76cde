package one22

import (
	"errors"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

func TestAllMethodsOf22(t *testing.T) {
	t.Parallel()
	if n := len(table()); n != 39 {
		t.Errorf("there are %d methods; OpenNebula 2.2 has 39", n)
	}
}

func TestEnvelopeAndFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.play(
		"nobody one.vm.info 0 => [VirtualMachineInfo] User couldn't be authenticated, aborting call.",
		"alice one.vm.info => fault -501: Not enough parameters",
		"nobody one.vm.info x => fault -501: Parameter that is supposed to be integer is not", // 2.2 authenticates the caller afterwards
		"alice one.vmpool.info -2 true => fault -501: Not enough parameters",
		"alice one.vmpool.info -2 true 1 1 => fault -501: Too many parameters",
		"alice one.vmpool.info -2 1 2 3 surplus => fault -501: Too many parameters",
		"alice one.hostpool.info surplus => [true] <HOST_POOL></HOST_POOL>",
		"alice one.imagepool.info -3 => Incorrect filter_flag, must be >= -2.",
		"alice one.vm.info 7 => [VirtualMachineInfo] Error getting VM [7].",
	)
}

// TestRights are those of 2.2: oneadmin may do everything, others only what they own.
func TestRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.play(
		"alice one.userpool.info => [UserPoolInfo] User [2] not authorized to perform INFO on USER Pool",
		"alice one.user.info 2 => [UserInfo] User [2] not authorized to perform INFO on USER Pool",
		"oneadmin one.user.info 1 => [UserInfo] Error getting USER [1].", // 2.2 has no serveradmin
		"oneadmin one.userpool.info => ~<NAME>alice</NAME>",
		"alice one.user.passwd 2 x => [UserChangePassword] User [2] not authorized to perform MANAGE on USER [2].",
		"alice one.host.allocate h im_kvm vmm_kvm tm_nfs => [HostAllocate] User [2] not authorized to perform CREATE on HOST Pool",
		"alice one.cluster.add 0 0 => [ClusterAdd] User [2] not authorized to perform USE on CLUSTER [0].",
		"alice one.vn.allocate NAME=net;TYPE=FIXED;BRIDGE=br0;LEASES=[IP=10.0.0.1] => 0",
		"alice one.image.allocate NAME=disk;PATH=/tmp/x => 0",
		"alice one.image.enable 0 true => 0",
		"bob one.vn.publish 0 true => [VirtualNetworkPublish] User [3] not authorized to perform MANAGE on NET [0].",
		"bob one.vm.allocate NIC=[NETWORK=net] => [VirtualMachineAllocate] User [3] not authorized to perform CREATE on VM Pool",
		"bob one.vm.allocate DISK=[IMAGE=disk] => [VirtualMachineAllocate] User [3] not authorized to perform CREATE on VM Pool",
		"alice one.image.publish 0 true => 0",
		"alice one.vn.publish 0 true => 0",
		"bob one.vm.allocate NIC=[NETWORK=net];DISK=[IMAGE=disk] => 0",
		"alice one.vm.action finalize 0 => [VirtualMachineAction] User [2] not authorized to perform MANAGE on VM [0].",
		"alice one.vm.savedisk 0 0 0 => [VirtualMachineSaveDisk] User [2] not authorized to perform MANAGE on VM/IMAGE [0].",
		"alice one.vm.info 0 => ~<UID>3</UID>",
		"bob one.image.delete 0 => [ImageDelete] User [3] not authorized to perform DELETE on IMAGE [0].",
		"bob one.image.allocate NAME=stolen;SOURCE=/etc/shadow => ~restricted attribute SOURCE",
		"bob one.vm.action finalize 0 => [true]",
		"bob one.vm.action finalize 0 => [true]",
		"bob one.vm.action hold 0 => Wrong state to perform action",
		"bob one.vm.action fly 0 => Unknown action",
	)
}

// TestContextFiles: ordinary users may only use files of the server from the folders in the
// settings.
func TestContextFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const refused = "~restricted attribute FILES"
	w.play(
		`alice one.vm.allocate CONTEXT=[FILES="/srv/files/init.sh+/srv/files/a/b"] => 0`,
		`alice one.vm.allocate CONTEXT=[FILES="/srv/files/../secret"] => `+refused,
		`alice one.vm.allocate CONTEXT=[FILES="/srv/files/a+/etc/shadow"] => `+refused,
		`alice one.vm.allocate CONTEXT=[FILES="/srv/filesystem/x"] => `+refused,
		`alice one.vm.allocate CONTEXT=[FILES="files/x"] => `+refused,
		`oneadmin one.vm.allocate CONTEXT=[FILES="/etc/hosts"] => 1`,
	)
}

func TestImages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.play(
		"alice one.image.allocate TYPE=OS => [ImageAllocate] Error trying to CREATE IMAGE NAME not present in image template.",
		"alice one.image.allocate NAME=a;TYPE=KERNEL => [ImageAllocate] Error trying to CREATE IMAGE Incorrect TYPE in image template.",
		"alice one.image.allocate NAME=a;PUBLIC=YES;PERSISTENT=YES => [ImageAllocate] Error trying to CREATE IMAGE Image cannot be public and persistent.",
		"alice one.image.allocate NAME=\"a#1\" => 0",
		"bob one.image.allocate NAME=\"a#1\" => [ImageAllocate] Error trying to CREATE IMAGE Error inserting Image in DB.",
		"alice one.image.info 0 => ~<SOURCE>/var/ds/1/1f629a2381f1c5771c9a3a6fa2a7a3b62b903f4e</SOURCE><STATE>3</STATE>",
	)
	w.missing = errors.New("no such file")
	w.play("alice one.image.enable 0 true => [ImageEnable] Error trying to ENABLE IMAGE [0]. Returned error code [-1]. Reason: no such file")
	w.missing = nil
	w.play(
		"alice one.image.enable 0 true => 0",
		"alice one.image.update 0 color blue => 0",
		"alice one.imagepool.info -1 => ~<STATE>1</STATE><RUNNING_VMS>0</RUNNING_VMS><TEMPLATE><COLOR><![CDATA[blue]]></COLOR><DEV_PREFIX><![CDATA[hd]]></DEV_PREFIX><NAME><![CDATA[a#1]]></NAME></TEMPLATE>",
		"alice one.image.rmattr 0 COLOR => 0",
		"bob one.imagepool.info -1 => [true] <IMAGE_POOL></IMAGE_POOL>",
		"alice one.image.persistent 0 true => 0",
		"alice one.image.publish 0 true => [ImagePublish] Error trying to MANAGE IMAGE [0].. Is the image persistent? An Image cannot be public and persistent.",
		"alice one.vm.allocate DISK=[IMAGE_ID=0] => 0",
		"alice one.vm.allocate DISK=[IMAGE_ID=0] => [VirtualMachineAllocate] Error trying to CREATE VM Could not get disk image for VM.",
		"alice one.image.enable 0 false => [ImageEnable] Error trying to DISABLE IMAGE [0]. Returned error code [-1].",
		"alice one.image.delete 0 => [ImageDelete] Error trying to DELETE IMAGE [0]. Returned error code [-1].. Reason: VMs might be running on it.",
	)
	disk := w.template(0).Vector("DISK")
	if disk.Get("SAVE_AS") != "0" || disk.Get("SAVE") != "YES" || disk.Get("CLONE") != "NO" {
		t.Errorf("a persistent disk is shown as %v", disk)
	}
	img, _ := image.Kind.Get(w.server.Store.Read(), 0)
	if img.Format != "qcow2" || img.SizeMB != 10 {
		t.Errorf("of the file is known: %s, %d MiB", img.Format, img.SizeMB)
	}
}

// TestClientsRemoveFiles: they have copied the files to their place, and report a failure if
// these are gone already.
func TestClientsRemoveFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.play("alice one.image.allocate NAME=mine => 0", "alice one.image.allocate NAME=other => 1", "alice one.image.delete 0 => 0")
	w.do(func(tx *store.Tx) error {
		img, err := image.Kind.Edit(tx, 1)
		img.Legacy = nil // as if it were made in another dialect
		image.Kind.Put(tx, img)
		return err
	})
	w.play("alice one.image.delete 1 => 1", "alice one.image.allocate NAME=mine => 2")
	r := w.server.Store.Read()
	if left := effect.Of(r, one.KindImage, 0); len(left) != 0 {
		t.Errorf("the file of an image that 2.2 made: %v", left)
	}
	if left := effect.Of(r, one.KindImage, 1); len(left) != 1 || left[0].Op != image.OpRemove {
		t.Errorf("the file of an image of today's: %v", left)
	}
}

func TestNetworks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.play(
		"alice one.vn.allocate NAME=a;TYPE=OTHER => [VirtualNetworkAllocate] Error trying to CREATE NET Wrong type in template for Virtual Network, id: 0.",
		"alice one.vn.allocate NAME=a;TYPE=FIXED => [VirtualNetworkAllocate] Error trying to CREATE NET No BRIDGE in template for Virtual Network, id: 0.",
		"alice one.vn.allocate NAME=r;TYPE=RANGED;BRIDGE=b;NETWORK_ADDRESS=10.1.0.0;NETWORK_SIZE=10 => 0",
		"alice one.vn.allocate NAME=f;TYPE=FIXED;BRIDGE=b;LEASES=[IP=10.0.0.5,MAC=02:01:00:00:00:01];PUBLIC=YES => 1",
		"alice one.vn.addleases 1 LEASES=[IP=10.0.0.x] => [VirtualNetworkAddLeases] Error trying to ADD LEASE NET [1]. Returned error code [-1]. Reason: Error inserting lease, malformed IP = 10.0.0.x",
		"alice one.vn.addleases 1 LEASES=[IP=10.0.0.6] => 1",
		"alice one.vm.allocate NIC=[NETWORK=f,IP=10.0.0.6];NIC=[NETWORK_ID=0] => 0",
		"alice one.vm.allocate NIC=[NETWORK=f,IP=10.0.0.6] => [VirtualMachineAllocate] Error trying to CREATE VM Could not get network lease for VM.",
		"alice one.vn.rmleases 1 LEASES=[IP=10.0.0.6] => [VirtualNetworkRemoveLeases] Error trying to REMOVE LEASE NET [1]. Returned error code [-1]. Reason: Error deleting lease, IP 10.0.0.6 is currently in use",
		"alice one.vn.rmleases 0 LEASES=[IP=10.1.0.1] => [VirtualNetworkRemoveLeases] Error trying to REMOVE LEASE NET [0]. Returned error code [-1]. Reason: Removing leases is only supported for FIXED networks.",
		"bob one.vnpool.info -1 => ~<TYPE>1</TYPE><BRIDGE>b</BRIDGE><PUBLIC>1</PUBLIC><TOTAL_LEASES>1</TOTAL_LEASES>",
		"bob one.vn.info 1 => ~<LEASES><LEASE><IP>10.0.0.5</IP><MAC>02:01:00:00:00:01</MAC><USED>0</USED><VID>-1</VID></LEASE>"+
			"<LEASE><IP>10.0.0.6</IP><MAC>02:00:0a:00:00:06</MAC><USED>1</USED><VID>0</VID></LEASE></LEASES>",
		"bob one.vn.info 0 => ~<LEASES><LEASE><IP>10.1.0.1</IP><MAC>02:00:0a:01:00:01</MAC><USED>1</USED><VID>0</VID></LEASE></LEASES>",
	)
}

// TestClusters: a cluster is a name for hosts, and VMs can run in any of them.
func TestClusters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.play(
		"oneadmin one.vn.allocate NAME=before;TYPE=FIXED;BRIDGE=b;LEASES=[IP=10.0.0.5] => 0",
		"oneadmin one.image.allocate NAME=disk => 0",
		"oneadmin one.image.enable 0 true => 0",
		"oneadmin one.cluster.allocate tokyo+tech => 100",
		"oneadmin one.vn.allocate NAME=after;TYPE=FIXED;BRIDGE=b;LEASES=[IP=10.1.0.5] => 1",
		"oneadmin one.host.allocate h1 im_rvpe vmm_rvpe tm_gfarm => 0",
		"oneadmin one.cluster.add 0 100 => [true]",
		"oneadmin one.host.info 0 => ~<IM_MAD>im_rvpe</IM_MAD><VM_MAD>vmm_rvpe</VM_MAD><TM_MAD>tm_gfarm</TM_MAD><LAST_MON_TIME>0</LAST_MON_TIME><CLUSTER>tokyo tech</CLUSTER><HOST_SHARE>",
		"oneadmin one.vm.allocate NIC=[NETWORK=before];NIC=[NETWORK=after];DISK=[IMAGE=disk] => 0",
		"oneadmin one.vm.deploy 0 0 => [true]",
		"oneadmin one.vm.deploy 0 0 => [VirtualMachineDeploy] Error trying to MANAGE VM [0]. Returned error code [-1].. Reason: VM in wrong state.",
		"oneadmin one.vm.migrate 0 0 true => [VirtualMachineMigrate] Error trying to MANAGE VM [0].. Reason: VM in wrong state.",
		"oneadmin one.cluster.delete 0 => [ClusterDelete] Error trying to DELETE CLUSTER [0]. Returned error code [-1].",
		"oneadmin one.cluster.delete 100 => [true]",
		"oneadmin one.host.info 0 => ~<CLUSTER>default</CLUSTER>",
	)
}

// TestTemplate shows the template as it was given, with variables resolved, and without what
// today's rules add.
func TestTemplate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.play(
		"oneadmin one.vn.allocate NAME=lan;TYPE=FIXED;BRIDGE=br1;DNS=10.0.0.2;LEASES=[IP=10.0.0.5] => 0",
		"oneadmin one.image.allocate NAME=disk;BUS=virtio;DRIVER=qcow2;DEV_PREFIX=vd => 0",
		"oneadmin one.image.enable 0 true => 0",
		`oneadmin one.vm.allocate NAME=web;VCPU=2;DISK=[IMAGE=disk,OTHER=x];DISK=[TYPE=swap,SIZE=5];NIC=[NETWORK=lan];`+
			`CONTEXT=[H="$NAME-$VMID",IP="$NIC[IP,NETWORK=\"lan\"]",DNS="$NETWORK[DNS,NAME=\"lan\"]"];`+
			`REQUIREMENTS="CLUSTER=\"a\"&FREECPU>100";RANK=FREECPU;GRAPHICS=[TYPE=vnc,PORT="-1"];OS=[BOOT=hd];COLOR=red => 0`,
	)
	want, err := attr.Parse(`COLOR="red" CONTEXT=[H="web-0",IP="10.0.0.5",DNS="10.0.0.2",TARGET="hdb"]
DISK=[BUS="virtio",CLONE="YES",DISK_ID="0",DRIVER="qcow2",IMAGE="disk",IMAGE_ID="0",READONLY="NO",SAVE="NO",SOURCE="` +
		sourceOf(t, w, 0) + `",TARGET="vda",TYPE="DISK"]
DISK=[DISK_ID="1",SIZE="5",TARGET="hdd",TYPE="swap"] GRAPHICS=[PORT="-1",TYPE="vnc"] NAME="web"
NIC=[BRIDGE="br1",IP="10.0.0.5",MAC="02:00:0a:00:00:05",NETWORK="lan",NETWORK_ID="0"] OS=[BOOT="hd"] RANK="FREECPU"
REQUIREMENTS="CLUSTER=\"a\"&FREECPU>100" VCPU="2" VMID="0"`)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.template(0); !got.Equal(want) {
		t.Errorf("got\n%s\nwant\n%s", got.Text(), want.Text())
	}
}

func sourceOf(t *testing.T, w *world, id int) string {
	t.Helper()
	img, err := image.Kind.Get(w.server.Store.Read(), id)
	if err != nil {
		t.Fatal(err)
	}
	return img.Source
}

// TestVMsFrom7 are shown with attributes that 2.2 has.
func TestVMsFrom7(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	given, err := attr.Parse(`NAME="new" CPU="0.5" MEMORY="128" DISK=[TYPE="fs",SIZE="10",FORMAT="raw"] OS=[ARCH="x86_64",UUID="u"]
FEATURES=[ACPI="yes",GUEST_AGENT="yes"] GRAPHICS=[TYPE="VNC",LISTEN="0.0.0.0"] SCHED_REQUIREMENTS="CPUSPEED>1" LABELS="x" NOTE="y"`)
	if err != nil {
		t.Fatal(err)
	}
	w.do(func(tx *store.Tx) error {
		_, err := vm.Allocate(tx, w.server.VMs, &one.Caller{Groups: []int{0}}, given, false)
		return err
	})
	want, err := attr.Parse(`NAME="new" CPU="0.5" MEMORY="128" DISK=[TYPE="fs",SIZE="10",FORMAT="raw",DISK_ID="0",TARGET="sda"] OS=[ARCH="x86_64"]
FEATURES=[ACPI="YES"] GRAPHICS=[TYPE="VNC",LISTEN="0.0.0.0",PORT="5900"] REQUIREMENTS="CPUSPEED>1" NOTE="y" VMID="0"`)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.template(0); !got.Equal(want) {
		t.Errorf("got\n%s\nwant\n%s", got.Text(), want.Text())
	}
}

// TestSavedDisks show the image that they are saved as, also disks without an image.
func TestSavedDisks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.play(
		"alice one.image.allocate NAME=a => 0",
		"alice one.vm.allocate DISK=[TYPE=fs,SIZE=4,FORMAT=ext3,TARGET=sdg] => 0",
		"alice one.vm.savedisk 0 0 0 => [true]",
		"alice one.vm.info 0 => ~<SAVE><![CDATA[YES]]></SAVE><SAVE_AS><![CDATA[0]]></SAVE_AS>",
	)
}

// TestStatesAreThoseOf22: every state of a VM has a number in 2.2.
func TestStatesAreThoseOf22(t *testing.T) {
	t.Parallel()
	for state := one.VMInit; state <= one.VMCloningFailure; state++ {
		if s := stateOf(state, one.LCMInit); s.state > 7 || s.lcm != 0 {
			t.Errorf("%s is shown as %v", state, s)
		}
	}
	for _, lcm := range one.LCMStates() {
		s := stateOf(one.VMActive, lcm)
		if s.lcm > 16 || s.state != active && s.lcm != 0 {
			t.Errorf("%s is shown as %v", lcm, s)
		}
	}
	for s := one.ImageInit; s <= one.ImageLockedUsedPers; s++ {
		if n := imageState(s); n > imageDisabled {
			t.Errorf("%s is shown as %d", s, n)
		}
	}
	for s := one.HostInit; s <= one.HostOffline; s++ {
		if n := hostState(s); n > 4 {
			t.Errorf("%s is shown as %d", s, n)
		}
	}
}

// TestSecretsStayInside: neither pool nor info shows anything that is accepted as a session.
func TestSecretsStayInside(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	text := w.call("oneadmin", "one.userpool.info")
	for _, secret := range []string{"1a91d62f7ca67399625a4368a6ab5d4a3baa6073", ">pw<", "$2a$"} { // of pw
		if strings.Contains(text, secret) {
			t.Errorf("%s is shown in %s", secret, text)
		}
	}
}
