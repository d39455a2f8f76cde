package server

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// fork copies a log.
func fork(t testing.TB, from *memlog.Log) *memlog.Log {
	t.Helper()
	to := memlog.New()
	err := from.Load(func(table string, rows iter.Seq2[[]byte, []byte]) error {
		var batch []store.Write
		for key, value := range rows {
			batch = append(batch, store.Write{Table: table, Key: key, Value: value})
		}
		return to.Append(batch)
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// lent are objects of alice's that everybody may use, but only she and administrators may
// manage.
var lent = []string{"imgds", "sysds", "backds", "net", "img", "tmpl", "vrtmpl", "sg0", "sg", "vnt", "vmg", "market", "app"}

// lure makes privilege escalation rewarding: users may create objects of all kinds that have
// owners, and users, and use what is lent; alice has a token.
func (w *rightsWorld) lure() (secrets []string) {
	kinds := one.KindVM | one.KindNet | one.KindImage | one.KindUser | one.KindTemplate | one.KindDatastore | one.KindDocument |
		one.KindSecGroup | one.KindVRouter | one.KindMarketPlace | one.KindMarketPlaceApp | one.KindVMGroup | one.KindVNTemplate | one.KindBackupJob
	w.must("one.acl.addrule", "400000000", strconv.FormatUint(uint64(kinds)|allOf, 16), "8")
	for _, gid := range []int{devs, ops} { // by default groups may use all datastores and networks
		w.must("one.vdc.delgroup", 0, gid)
	}
	for name, t := range w.things {
		open := 0
		if slices.Contains(lent, name) {
			open = 1
		}
		if _, has := w.methods["one."+t.noun+".chmod"]; has {
			w.must("one."+t.noun+".chmod", t.id, 1, 1, 0, 0, 0, 0, open, 0, 0)
		}
	}
	token := w.call("alice:secret", "one.user.login", "alice", "", 100000, -1)
	w.must("one.user.update", w.things["alice"].id, "TOKEN_PASSWORD=\"alice's own\"", 1)
	secrets = []string{token.text, "alice's own", "$2a$"}
	for row := range user.Kind.Table.All(w.server.store.Read()) {
		secrets = append(secrets, row.Val.Secret)
		if at := row.Val.Template.Get("TOKEN_PASSWORD"); at != "" && row.Val.ID <= 1 {
			secrets = append(secrets, at)
		}
	}
	return secrets
}

// estate is the state of everything that ordinary users have no right to change.
func (w *rightsWorld) estate() map[string]string {
	r := w.server.store.Read()
	state := map[string]string{"rules": w.must("one.acl.info").text}
	for name, t := range w.things {
		if slices.Contains([]string{"bob", "dave"}, name) {
			continue
		}
		o, _, err := t.kind.Look(r, t.id)
		if err != nil {
			state[name] = err.Error()
			continue
		}
		h := o.Head()
		state[name] = fmt.Sprint(h.UID, h.GID, h.Name, h.Perms, h.Lock, h.Template.Text())
		if name != "cluster0" && !slices.Contains(lent, name) && t.noun != "group" && t.noun != "user" {
			state[name] = w.must("one."+t.noun+".info", t.id).text
		}
	}
	for _, gid := range []int{0, devs, ops} {
		state[fmt.Sprint("admins of ", gid)] = cut(w.must("one.group.info", gid).text, "<ADMINS>", "</ADMINS>")
	}
	state["administrators"] = fmt.Sprint(user.Members(r, 0))
	return state
}

func cut(text, from, to string) string {
	_, text, _ = strings.Cut(text, from)
	text, _, _ = strings.Cut(text, to)
	return text
}

// texts are values for arguments that are texts.
func (w *rightsWorld) texts() []string {
	list := []string{
		"", "x", "NAME=x", "bob", "alice", "oneadmin", "serveradmin", "core", "terminate", "resume", "OS", "0", "9", "100000005", "10400000000", "f",
		"AS_UID=0\nAS_GID=0", "UID=0\nGID=0\nUNAME=oneadmin\nGNAME=oneadmin", "GROUPS=0\nGID=0\nAUTH_DRIVER=public\nENABLED=1", "PERMISSIONS=[OTHER_A=1]\nLOCK=[OWNER=3]",
		"VM_USE_OPERATIONS=\"migrate,delete,recover,deploy\"", "VM_ADMIN_OPERATIONS=\"\"", "TOKEN_PASSWORD=mine", "CLUSTER_ID=0\nDATASTORE_ID=0",
		"<USER><ID>0</ID><GID>0</GID></USER>", "SCHED_ACTION=[ACTION=terminate-hard,TIME=1]", "VM=[VMS=-1]", "SERVER=[NAME=x]", "ROLE=[NAME=b]",
		"NAME=x\nCPU=1\nMEMORY=64", "NAME=y\nROLE=[NAME=a]", "NAME=z\nTYPE=DATABLOCK\nSIZE=1", "NAME=z\nPATH=/etc/passwd", "NAME=n\nVN_MAD=dummy\nBRIDGE=b",
		"NAME=m\nMARKET_MAD=dummy", "NAME=d\nTM_MAD=dummy\nDS_MAD=dummy", "TYPE=api\nCALL=one.vm.info\nCOMMAND=x\nNAME=h", "LEASES=[IP=10.1.1.30]", "SIZE=1\nNAME=r",
	}
	for _, form := range []string{
		"NAME=u\nCPU=1\nMEMORY=64\nDISK=[IMAGE_ID=%d]", "NAME=w\nCPU=1\nMEMORY=64\nNIC=[NETWORK_ID=%d]", "DISK=[IMAGE_ID=%d]", "NIC=[NETWORK_ID=%d]", "NAME=b\nBACKUP_VMS=\"%d\"",
		"VMGROUP=[VMGROUP_ID=%d,ROLE=a]", "NAME=o\nORIGIN_ID=%d\nTYPE=IMAGE", "SIZE=1\nNETWORK_ID=%d", "FROM_APP=%d\nNAME=f", "AR=[AR_ID=%d,SIZE=1]", "SECURITY_GROUPS=%d", "TEMPLATE_ID=%d", "IMAGE_ID=%d",
	} {
		for id := range 3 {
			list = append(list, fmt.Sprintf(form, id))
		}
	}
	return list
}

// numbers are values for arguments that are numbers: IDs of existing objects, and special
// values.
var numbers = []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 100, 101, 102, 103, -1, -2, -10}

// drawCall draws the arguments of a call: those of its line in rights.txt, some of them
// replaced.
func (w *rightsWorld) drawCall(t *rapid.T, l rightsLine, texts []string) []any {
	args := w.arguments(l)
	for i, arg := range args {
		if rapid.IntRange(0, 2).Draw(t, "keep") > 0 {
			continue
		}
		switch arg.(type) {
		case int:
			args[i] = rapid.SampledFrom(numbers).Draw(t, "number")
		case int64:
			args[i] = rapid.Int64().Draw(t, "number")
		case bool:
			args[i] = rapid.Bool().Draw(t, "flag")
		case string:
			args[i] = rapid.SampledFrom(texts).Draw(t, "text")
		default:
			args[i] = []any{int32(rapid.SampledFrom(numbers).Draw(t, "element"))}
		}
	}
	return args
}

// TestNoPrivilegeEscalation: whatever sequence of calls ordinary users make, they change
// nothing that they have no right to change, nobody becomes an administrator, and no secret is
// shown.
func TestNoPrivilegeEscalation(t *testing.T) {
	first := newRightsWorld(t)
	secrets := first.lure()
	texts, lines := first.texts(), readRights(t, first.things)
	allowed := 0
	rapid.Check(t, func(rt *rapid.T) {
		w := &rightsWorld{t: t, log: fork(t, first.log), things: first.things}
		w.open(first.server.config)
		defer w.server.Close()
		before := w.estate()
		for range rapid.IntRange(1, 60).Draw(rt, "calls") {
			l := rapid.SampledFrom(lines).Draw(rt, "line")
			who := rapid.SampledFrom([]string{"bob:secret", "dave:secret"}).Draw(rt, "who")
			args := w.drawCall(rt, l, texts)
			got := w.call(who, l.method, args...)
			if got.ok {
				allowed++
			}
			for _, s := range secrets {
				if strings.Contains(got.text, s) {
					rt.Fatalf("%s: %s %v shows a secret: %.600s", who, l.method, args, got.text)
				}
			}
			if strings.Contains(got.text, "Internal error") {
				rt.Fatalf("%s: %s %v: %s", who, l.method, args, got.text)
			}
			w.compareEstate(rt, before, fmt.Sprintf("%s: %s %v (%.200s)", who, l.method, args, got.text))
		}
	})
	t.Logf("%d calls were allowed", allowed)
}

func (w *rightsWorld) compareEstate(t *rapid.T, before map[string]string, call string) {
	after := w.estate()
	for name, was := range before {
		if is := after[name]; is != was {
			t.Fatalf("%s changed %s:\n%s\n%s", call, name, was, is)
		}
	}
}
