package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/backupjob"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/document"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/hook"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/template"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vdc"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vmgroup"
	"github.com/renkei-vpe/renkei/pkg/vntemplate"
	"github.com/renkei-vpe/renkei/pkg/vrouter"
	"github.com/renkei-vpe/renkei/pkg/zone"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// rightsWorld is a server with one object of each kind, most of them alice's. It is read-only
// unless thawed, so that calls do not affect later ones: a call that would have changed
// something is answered with an internal error.
type rightsWorld struct {
	t       testing.TB
	log     *memlog.Log
	server  *Server
	methods map[string]xmlrpc.Method
	things  map[string]thing // by their names in rights.txt
	refused error            // the error of a read-only log
}

// thing is an object with its owner.
type thing struct {
	kind     object.Any
	noun     string // of its methods: one.NOUN.info
	id       int
	uid, gid int // -1 for kinds without owners
	clusters []int
	personal bool // rules for all objects (*) or a cluster (%) do not apply to it
}

// newRightsWorld makes the world with all workers, so that the VM runs and the images are
// ready, and opens it again without workers.
func newRightsWorld(t testing.TB) *rightsWorld {
	t.Helper()
	w := &rightsWorld{t: t, log: memlog.New(), things: map[string]thing{}, refused: errors.New("frozen")}
	dir := t.TempDir()
	c := config.Default()
	c.Markets = config.Markets{} // tests reach for nothing outside
	c.Data, c.Listen, c.Auth.HashCost, c.Events.Enabled = filepath.Join(dir, "data"), "127.0.0.1:0", 4, false
	auth := filepath.Join(dir, "one_auth")
	t.Setenv("ONE_AUTH", auth)
	if err := os.WriteFile(auth, []byte("oneadmin:secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	stop := w.run(c)
	w.furnish()
	stop()
	w.open(c)
	t.Cleanup(func() { w.server.Close() })
	return w
}

func (w *rightsWorld) open(c config.Config) {
	w.t.Helper()
	s, err := newOn(w.log, c, filepath.Join(c.Data, "datastores"), zerolog.Nop())
	if err != nil {
		w.t.Fatal(err)
	}
	s.one.Events = nil // no events for these calls
	w.server, w.methods = s, map[string]xmlrpc.Method{}
	for _, m := range s.one.Methods() {
		w.methods[m.Name] = m
	}
}

// run opens the world with its workers, until stop is called.
func (w *rightsWorld) run(c config.Config) (stop func()) {
	w.t.Helper()
	if err := os.MkdirAll(c.Data, 0o711); err != nil {
		w.t.Fatal(err)
	}
	w.open(c)
	l, err := w.server.Listen()
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.server.Run(ctx, l) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			w.t.Fatal(err)
		}
	}
}

// answer is the result of a call.
type answer struct {
	ok   bool
	text string
	code one.Code
	id   int
}

// call makes a call with a session.
func (w *rightsWorld) call(session, method string, args ...any) answer {
	w.t.Helper()
	m, ok := w.methods[method]
	if !ok {
		w.t.Fatalf("there is no %s", method)
	}
	wire := &xmlrpc.Call{Method: method, Args: []any{session}, ID: 1}
	for _, a := range args {
		if n, is := a.(int); is {
			a = int32(n)
		}
		wire.Args = append(wire.Args, a)
	}
	value, err := m.Handle(context.Background(), wire)
	var fault *xmlrpc.Fault
	if errors.As(err, &fault) {
		return answer{text: "fault: " + fault.Text, code: -1}
	}
	list := value.(xmlrpc.Array)
	if list[0] == true {
		return answer{ok: true, text: resultText(list[1]), id: resultID(list[1])}
	}
	return answer{text: list[1].(string), code: one.Code(list[2].(int32)), id: int(list[3].(int32))}
}

func resultText(v any) string {
	if text, is := v.(xmlrpc.Text); is {
		var b strings.Builder
		for _, chunk := range text.Chunks {
			b.Write(chunk)
		}
		return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(b.String())
	}
	return fmt.Sprint(v)
}

func resultID(v any) int {
	id, _ := v.(int)
	return id
}

// must makes a call as oneadmin that has to succeed.
func (w *rightsWorld) must(method string, args ...any) answer {
	w.t.Helper()
	a := w.call("oneadmin:secret", method, args...)
	if !a.ok {
		w.t.Fatalf("%s %v: %s", method, args, a.text)
	}
	return a
}

// thaw makes the world writable while fn runs.
func (w *rightsWorld) thaw(fn func()) {
	w.log.Fail = nil
	fn()
	w.log.Fail = w.refused
}

// The groups and users that furnish makes.
const (
	devs = 100
	ops  = 101
)

var rightsUsers = []struct {
	name   string
	groups []any
}{
	{"alice", []any{int32(devs)}}, // owner of most objects
	{"bob", []any{int32(devs)}},   // in her group
	{"carol", []any{int32(devs)}}, // administers her group
	{"dave", []any{int32(ops)}},   // in another group
	{"erin", []any{int32(devs)}},  // disabled
	{"root2", []any{int32(0)}},    // in oneadmin's group
	{"root3", []any{int32(ops), int32(0)}},
}

// furnish creates one object of each kind. Those that have owners become alice's.
func (w *rightsWorld) furnish() {
	w.must("one.group.allocate", "devs")
	w.must("one.group.allocate", "ops")
	for _, u := range rightsUsers {
		id := w.must("one.user.allocate", u.name, "secret", "", u.groups).id
		w.things[u.name] = thing{kind: user.Kind, noun: "user", id: id, uid: id, gid: int(u.groups[0].(int32))}
	}
	w.must("one.user.enable", w.things["erin"].id, false)
	w.must("one.group.addadmin", devs, w.things["carol"].id)
	w.things["devs"] = thing{kind: group.Kind, noun: "group", id: devs, uid: -1, gid: devs}
	w.things["ops"] = thing{kind: group.Kind, noun: "group", id: ops, uid: -1, gid: ops}
	for ds, mad := range []string{"TM_MAD=dummy", "TM_MAD=dummy\nDS_MAD=dummy", "TM_MAD=dummy\nDS_MAD=dummy"} {
		w.must("one.datastore.update", ds, mad, 1)
	}
	w.common("host", "host", host.Kind, w.must("one.host.allocate", "node", "dummy", "dummy", -1).id, 0)
	w.common("cluster", "cluster", cluster.Kind, w.must("one.cluster.allocate", "m-cluster").id)
	w.common("cluster0", "cluster", cluster.Kind, 0)
	w.common("zone", "zone", zone.Kind, 0)
	w.common("vdc", "vdc", vdc.Kind, w.must("one.vdc.allocate", "NAME=m-vdc").id)
	w.common("hook", "hook", hook.Kind, w.must("one.hook.allocate", "NAME=m-hook\nTYPE=api\nCALL=one.vm.rename\nCOMMAND=x").id)
	w.owned("ds", "datastore", datastore.Kind, w.must("one.datastore.allocate", "NAME=m-ds\nTM_MAD=dummy\nDS_MAD=dummy", -1).id, 0)
	w.owned("sysds", "datastore", datastore.Kind, 0, 0)
	w.owned("net", "vn", network.Kind, w.must("one.vn.allocate", "NAME=m-net\nVN_MAD=dummy\nBRIDGE=b\nAR=[TYPE=IP4,IP=10.1.1.1,SIZE=50]", -1).id, 0)
	w.owned("resv", "vn", network.Kind, w.must("one.vn.reserve", w.things["net"].id, "NAME=m-resv\nSIZE=5").id, 0)
	resv := w.things["resv"]
	resv.personal = true
	w.things["resv"] = resv
	w.owned("tmpl", "template", template.Kind, w.must("one.template.allocate", "NAME=m-tmpl\nCPU=1\nMEMORY=64").id)
	w.owned("vrtmpl", "template", template.Kind, w.must("one.template.allocate", "NAME=m-vrtmpl\nCPU=1\nMEMORY=64\nVROUTER=YES").id)
	w.owned("sg", "secgroup", secgroup.Kind, w.must("one.secgroup.allocate", "NAME=m-sg").id)
	w.owned("sg0", "secgroup", secgroup.Kind, 0)
	w.owned("vnt", "vntemplate", vntemplate.Kind, w.must("one.vntemplate.allocate", "NAME=m-vnt\nVN_MAD=dummy\nBRIDGE=b").id)
	w.owned("doc", "document", document.Kind, w.must("one.document.allocate", "NAME=m-doc", 0).id)
	w.owned("vmg", "vmgroup", vmgroup.Kind, w.must("one.vmgroup.allocate", "NAME=m-vmg\nROLE=[NAME=a]").id)
	w.owned("vr", "vrouter", vrouter.Kind, w.must("one.vrouter.allocate", "NAME=m-vr").id)
	w.owned("bj", "backupjob", backupjob.Kind, w.must("one.backupjob.allocate", "NAME=m-bj").id)
	w.furnishStorage()
}

func (w *rightsWorld) furnishStorage() {
	w.owned("img", "image", image.Kind, w.must("one.image.allocate", "NAME=m-img\nTYPE=DATABLOCK\nSIZE=1", 1).id)
	w.owned("pimg", "image", image.Kind, w.must("one.image.allocate", "NAME=m-pimg\nTYPE=DATABLOCK\nSIZE=1\nPERSISTENT=YES", 1).id)
	w.owned("imgds", "datastore", datastore.Kind, 1, 0)
	w.owned("backds", "datastore", datastore.Kind, w.must("one.datastore.allocate", "NAME=m-backds\nTYPE=BACKUP_DS\nTM_MAD=-\nDS_MAD=dummy", -1).id, 0)
	img, pimg, net := w.things["img"].id, w.things["pimg"].id, w.things["net"].id
	w.until("one.image.info", img, "<STATE>1</STATE>")
	w.until("one.image.info", pimg, "<STATE>1</STATE>")
	vmID := w.must("one.vm.allocate", fmt.Sprintf("NAME=m-vm\nCPU=1\nMEMORY=64\nDISK=[IMAGE_ID=%d]\nDISK=[IMAGE_ID=%d]\nNIC=[NETWORK_ID=%d]", img, pimg, net), false).id
	w.until("one.vm.info", vmID, "<LCM_STATE>3</LCM_STATE>")
	w.must("one.vm.backup", vmID, w.things["backds"].id, false)
	w.until("one.vm.info", vmID, "<BACKUP_IDS><ID>")
	w.until("one.vm.info", vmID, "<LCM_STATE>3</LCM_STATE>")
	w.owned("backup", "image", image.Kind, pimg+1)
	w.owned("vm", "vm", vm.Kind, vmID)
	w.owned("market", "market", market.Kind, w.must("one.market.allocate", "NAME=m-market\nMARKET_MAD=dummy").id)
	app := w.must("one.marketapp.allocate", fmt.Sprintf("NAME=m-app\nORIGIN_ID=%d\nTYPE=IMAGE", img), w.things["market"].id).id
	w.until("one.marketapp.info", app, "<STATE>1</STATE>")
	w.owned("app", "marketapp", market.Apps, app)
	w.until("one.image.info", img, "<STATE>2</STATE>")
}

func (w *rightsWorld) common(name, noun string, kind object.Any, id int, clusters ...int) {
	w.things[name] = thing{kind: kind, noun: noun, id: id, uid: -1, gid: -1, clusters: clusters}
}

func (w *rightsWorld) owned(name, noun string, kind object.Any, id int, clusters ...int) {
	w.t.Helper()
	alice := w.things["alice"].id
	w.must("one."+noun+".chown", id, alice, devs)
	w.things[name] = thing{kind: kind, noun: noun, id: id, uid: alice, gid: devs, clusters: clusters}
}

// until waits for the workers.
func (w *rightsWorld) until(method string, id int, text string) {
	w.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for !strings.Contains(w.must(method, id).text, text) {
		if time.Now().After(deadline) {
			w.t.Fatalf("%s %d never held %s:\n%s", method, id, text, w.must(method, id).text)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
