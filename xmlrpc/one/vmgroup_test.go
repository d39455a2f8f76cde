package one

import (
	"testing"
)

// TestVMGroups: VMs are listed in their roles until they leave or are DONE, and prevent changes
// of their roles.
func TestVMGroups(t *testing.T) {
	t.Parallel()
	f := newVMFace(t)
	const root, alice = "oneadmin", "alice"
	zero, one32 := int32(0), int32(1)
	const vm = "CPU=1\nMEMORY=64\nVMGROUP=[VMGROUP_ID=0,ROLE=\"front\"]"
	f.play([]step{
		{root, "one.vmgroup.allocate", []any{"NAME=\"g\"\nROLE=[NAME=front,POLICY=ANTI_AFFINED]\nROLE=[NAME=back]"}, "0"},
		{root, "one.vmgroup.allocate", []any{"NAME=\"h\"\nROLE=[NAME=a,POLICY=ANTI_AFFINED]\nROLE=[NAME=b]\nAFFINED=\"a,b\""}, "Role a is in an AFFINED rule but the role policy is ANTI_AFFINED"},
		{root, "one.vmgroup.allocate", []any{"NAME=\"h\"\nROLE=[NAME=a]\nAFFINED=\"a,c\""}, `Some roles used in AFFINED attribute \(a,c\) are not defined`},
		{root, "one.vmgroup.allocate", []any{"NAME=\"h\"\nROLE=[POLICY=AFFINED]"}, "Missing NAME in VM group role"},
		{root, "one.vmgroup.allocate", []any{"NAME=\"h\"\nROLE=[NAME=a]\nROLE=[NAME=b]\nROLE=[NAME=c]\nAFFINED=\"a,b\"\nANTI_AFFINED=\"b,c\""}, "Roles defined in AFFINED and ANTI_AFFINED rules: b"},
		{root, "one.vmgroup.allocate", []any{"NAME=\"g\""}, `NAME is already taken by VMGroup 0\.`},
		{alice, "one.vmgroup.roleadd", []any{zero, "ROLE=[NAME=x]"}, `User \[2\] : Not authorized to perform MANAGE VMGROUP \[0\]\.`},
		{root, "one.vmgroup.roleadd", []any{zero, "FOO=1"}, "No ROLE attribute in template"},
		{root, "one.vm.allocate", []any{"CPU=1\nMEMORY=64\nVMGROUP=[VMGROUP_ID=0]", true}, "Missing role name in VM Group definition"},
		{root, "one.vm.allocate", []any{"CPU=1\nMEMORY=64\nVMGROUP=[VMGROUP_NAME=\"no\",ROLE=a]", true}, "Cannot find VM Group to associate the VM"},
		{root, "one.vm.allocate", []any{"CPU=1\nMEMORY=64\nVMGROUP=[VMGROUP_NAME=\"g\",ROLE=no]", true}, "Role does not exist in VM Group"},
		{root, "one.vm.allocate", []any{vm, true}, "0"},
		{root, "one.vm.allocate", []any{vm, true}, "1"},
		{root, "one.vmgroup.info", []any{zero, false}, `.*<ROLE><ID><!\[CDATA\[0\]\]></ID><NAME><!\[CDATA\[front\]\]></NAME><POLICY><!\[CDATA\[ANTI_AFFINED\]\]></POLICY><VMS><!\[CDATA\[0,1\]\]></VMS></ROLE>.*`},
		{root, "one.vmgroup.roledelete", []any{zero, zero}, "Unable to delete role 0, the role has assigned VMs "},
		{root, "one.vmgroup.roleupdate", []any{zero, zero, "ROLE=[POLICY=AFFINED]"}, "VMGroup 0 Role 0 has VMs, unable to update"},
		{root, "one.vmgroup.roleupdate", []any{zero, one32, "ROLE=[NAME=front]"}, "VMGroup 0 Role 1 can not update name, role with name front already exists"},
		{root, "one.vmgroup.update", []any{zero, "X=1", one32}, `Cannot update template\. VM Group has 2 VMs`},
		{root, "one.vm.deploy", []any{zero, zero}, "0"},
		{root, "one.vm.vmgroupadd", []any{zero, int32(7), "back"}, `Error getting vm group \[7\]\.`},
		{root, "one.vm.vmgroupadd", []any{zero, zero, "no"}, "Role does not exist in VM Group"},
		{root, "one.vm.vmgroupadd", []any{zero, zero, "back"}, "0"},
		{root, "one.vmgroup.info", []any{zero, false}, `.*<VMS><!\[CDATA\[1\]\]></VMS>.*back.*<VMS><!\[CDATA\[0\]\]></VMS>.*`},
		{root, "one.vm.deploy", []any{one32, zero}, "1"},
		{root, "one.vm.vmgroupadd", []any{zero, zero, "front"}, "VM 0 is on host 0 but role front is ANTI_AFFINED and VM 1 is on the same host"},
		{root, "one.vm.vmgroupdel", []any{one32}, "1"},
		{root, "one.vmgroup.roledelete", []any{zero, zero}, "0"},
		{root, "one.vmgroup.delete", []any{zero}, "0"},
		{root, "one.vmgrouppool.info", []any{int32(-2), int32(-1), int32(-1)}, "<VM_GROUP_POOL></VM_GROUP_POOL>"},
	})
}

// TestFirstRefusedVMGroupUsesUpItsID, as in oned; later ones do not.
func TestFirstRefusedVMGroupUsesUpItsID(t *testing.T) {
	t.Parallel()
	f := newVMFace(t)
	const root, wrong = "oneadmin", "NAME=g\nROLE=[NAME=a]\nAFFINED=\"a,b\""
	f.play([]step{
		{root, "one.vmgroup.allocate", []any{wrong}, `Some roles used in AFFINED attribute \(a,b\) are not defined`},
		{root, "one.vmgroup.allocate", []any{"NAME=g"}, "1"},
		{root, "one.vmgroup.allocate", []any{"NAME=k\nROLE=[NAME=a]\nAFFINED=\"a,b\""}, `Some roles used in AFFINED attribute \(a,b\) are not defined`},
		{root, "one.vmgroup.allocate", []any{"NAME=h"}, "2"},
	})
}

// TestZoneDisabled: in a disabled zone, only calls that change nothing are allowed.
func TestZoneDisabled(t *testing.T) {
	t.Parallel()
	f := newUserFace(t)
	zero := int32(0)
	f.play([]step{
		{root, "one.zone.enable", []any{int32(5), false}, "Enable/disable mode have to be set through the target zone endpoints"},
		{root, "one.zone.enable", []any{zero, false}, "0"},
		{root, "one.group.allocate", []any{"g"}, "Cannot process request, zone disabled"},
		{root, "one.zone.info", []any{zero, false}, ".*<STATE>1</STATE>.*"},
		{root, "one.zone.raftstatus", nil, "<RAFT>.*"},
		{root, "one.zone.rename", []any{zero, "z"}, "Cannot process request, zone disabled"},
		{root, "one.zone.enable", []any{zero, true}, "0"},
		{root, "one.zone.update", []any{zero, "NOTE=x\nSERVER=[NAME=a]", zero}, "0"},
		{root, "one.zone.info", []any{zero, false}, `.*<TEMPLATE><ENDPOINT><!\[CDATA\[-\]\]></ENDPOINT><NOTE><!\[CDATA\[x\]\]></NOTE></TEMPLATE><SERVER_POOL></SERVER_POOL>.*`},
		{root, "one.zone.addserver", []any{zero, "SERVER=[NAME=a]"}, "Missing ENDPOINT or ENDPOINT_GRPC in SERVER"},
		{root, "one.zone.addserver", []any{zero, "SERVER=[NAME=a,ENDPOINT=\"http://x\"]"}, "0"},
		{root, "one.zone.info", []any{zero, false}, `.*<SERVER_POOL><SERVER><ENDPOINT>.*<ID><!\[CDATA\[0\]\]></ID><NAME>.*`},
		{root, "one.zone.updatedb", []any{zero, "<ZONE>"}, "Cannot update object from XML"},
		{root, "one.zone.updatedb", []any{zero, "<ZONE><ID>1</ID><NAME>a</NAME><TEMPLATE/><SERVER_POOL/></ZONE>"}, "Consistency check failed"},
		{root, "one.zone.delserver", []any{zero, int32(7)}, "SERVER not found in zone"},
		{root, "one.zone.delserver", []any{zero, zero}, "0"},
		{root, "one.zone.delete", []any{zero}, `Cannot delete zone\. System Zones \(ID < 100\) cannot be deleted\.`},
		{root, "one.zone.allocate", []any{"NAME=z"}, `Error allocating a new zone\. New zones can only be created at federation master`},
		{root, "one.zone.voterequest", []any{int32(1), int32(2), int64(3), int32(4)}, "Candidate's log is outdated"},
		{root, "one.zone.fedreplicate", []any{int64(1), zero64, "x"}, "Error replicating log entry .*: Cannot replicate federate log records on federation master\\."},
		{root, "one.system.sql", []any{"DROP TABLE vm_pool", false}, "There is no SQL database behind this server.*"},
	})
}

const zero64 = int64(0)
