package server_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/server"
)

// hidden is the secret in all objects here, a text that occurs nowhere else.
const hidden = "s3kr1t-that-nobody-reads"

// kept is an object with a secret, and the method that shows it.
type kept struct {
	method string
	id     int
	flags  []any // arguments before the decrypt flag
}

// xml answers the object's document.
func (k kept) xml(t *testing.T, ask func(string, ...any) string, decrypt bool) string {
	t.Helper()
	return ask(k.method, append(append([]any{k.id}, k.flags...), decrypt)...)
}

// keepSecrets puts the secret into an object of each kind that can have encrypted attributes.
func keepSecrets(t *testing.T, w world) []kept {
	t.Helper()
	const context = "CONTEXT=[PASSWORD=\"" + hidden + "\",USER=me]\nONEAPP_ONEKS_CLUSTER_SPEC=\"" + hidden + "\""
	const token = "TOKEN=\"" + hidden + "\""
	template := w.must(t, "one.template.allocate", "NAME=t\nCPU=0.1\nMEMORY=64\n"+context)
	w.must(t, "one.cluster.update", 0, token, 1)
	w.must(t, "one.host.update", 0, token, 1)
	w.must(t, "one.image.update", 0, token, 1)
	w.must(t, "one.user.update", 0, "SSH_PRIVATE_KEY=\""+hidden+"\"", 1)
	w.must(t, "one.datastore.update", 1, "RESTIC_PASSWORD=\""+hidden+"\"", 1)
	w.must(t, "one.vn.add_ar", 0, "AR=[TYPE=ETHER,SIZE=1,TOKEN=\""+hidden+"\"]")
	return []kept{
		{"one.template.info", template, []any{false}},
		{"one.template.info", template, []any{true}},
		{"one.template.info", w.must(t, "one.template.clone", template, "t2", false), []any{false}},
		{method: "one.vm.info", id: w.must(t, "one.template.instantiate", template, "v", true, "", false)},
		{method: "one.vm.info", id: w.must(t, "one.vm.allocate", "NAME=w\nCPU=0.1\nMEMORY=64\n"+context, true)},
		{method: "one.document.info", id: w.must(t, "one.document.allocate", "NAME=d\nPROVISION_BODY=\""+hidden+"\"", 100)},
		{method: "one.vntemplate.info", id: w.must(t, "one.vntemplate.allocate", "NAME=n\nVN_MAD=dummy\n"+token)},
		{method: "one.cluster.info"}, {method: "one.host.info"}, {method: "one.image.info"}, {method: "one.user.info"},
		{method: "one.datastore.info", id: 1}, {method: "one.vn.info"},
	}
}

// withSecrets are settings with encrypted attributes for each kind.
func withSecrets(data string) func(*config.Config) {
	return func(c *config.Config) {
		token := []string{"TOKEN"}
		c.Secrets.Cluster, c.Secrets.Host, c.Secrets.Image, c.Secrets.VNet = token, token, token, []string{"TOKEN", "AR/TOKEN"}
		c.Scheduler.Enabled = false
		c.Data = data
	}
}

// asker makes calls that have to succeed, and answers their texts.
func asker(t *testing.T, w world) func(string, ...any) string {
	return func(method string, args ...any) string {
		t.Helper()
		answer, err := w.Call(t.Context(), method, args...)
		if err != nil {
			t.Fatalf("%s %v: %v", method, args, err)
		}
		return answer.Text
	}
}

// checkSecrets reads objects with and without the decrypt flag.
func checkSecrets(t *testing.T, w world, list []kept) {
	t.Helper()
	ask := asker(t, w)
	for _, k := range list {
		for range 2 { // a decrypted document must not be cached
			if doc := k.xml(t, ask, true); !strings.Contains(doc, hidden) {
				t.Errorf("%s %d does not decrypt: %s", k.method, k.id, doc)
			}
			if doc := k.xml(t, ask, false); strings.Contains(doc, hidden) {
				t.Errorf("%s %d shows a secret: %s", k.method, k.id, doc)
			}
		}
	}
}

// noPlainText searches for the secret in the files of a store or an export.
func noPlainText(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(hidden)) {
			t.Errorf("%s contains an unencrypted secret", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestEncryptedAttributes: secrets of each kind are encrypted in the store and in answers, and
// administrators can have them decrypted, also after an export and an import.
func TestEncryptedAttributes(t *testing.T) {
	var list []kept
	data := filepath.Join(t.TempDir(), "data")
	t.Run("kept", func(t *testing.T) {
		w := open(t, 1, withSecrets(data))
		list = keepSecrets(t, w)
		checkSecrets(t, w, list)
		readAndWrite(t, w, list[3].id)
		checkSecrets(t, w, list)
		othersReadNone(t, w, list[3])
		for _, pool := range [][]any{{"one.vmpool.infoextended", -2, -1, -1, -1}, {"one.userpool.info"}, {"one.datastorepool.info"}} {
			if doc := asker(t, w)(pool[0].(string), pool[1:]...); strings.Contains(doc, hidden) {
				t.Errorf("%s shows a secret", pool[0])
			}
		}
		noPlainText(t, data)
	})
	out := filepath.Join(t.TempDir(), "export")
	if _, err := server.Export(data, out); err != nil {
		t.Fatal(err)
	}
	noPlainText(t, out)
	t.Run("imported", func(t *testing.T) {
		other := filepath.Join(t.TempDir(), "data")
		if _, health, err := server.ImportFiles(other, out, false, false); err != nil || !health.Healthy() {
			t.Fatal(health, err)
		}
		checkSecrets(t, open(t, -1, withSecrets(other)), list)
	})
	refusesOtherKeys(t, data, out)
}

// readAndWrite updates a VM with its own document, as clients' editors do.
func readAndWrite(t *testing.T, w world, vm int) {
	t.Helper()
	ask := asker(t, w)
	text := ask("one.vm.info", vm, false)
	_, context, _ := strings.Cut(text, "<PASSWORD><![CDATA[")
	sealed, _, _ := strings.Cut(context, "]]>")
	w.must(t, "one.vm.updateconf", vm, "CONTEXT=[PASSWORD=\""+sealed+"\",USER=you]", 0)
	if after := ask("one.vm.info", vm, false); !strings.Contains(after, sealed) || !strings.Contains(after, "you") {
		t.Errorf("what was read and written back is something else: %s", after)
	}
}

// othersReadNone: decrypt is ignored for users who are not administrators, even for their own
// VMs.
func othersReadNone(t *testing.T, w world, vm kept) {
	t.Helper()
	uid := w.must(t, "one.user.allocate", "carl", "pw", "core", []any{1})
	w.must(t, "one.vm.chown", vm.id, uid, 1)
	own := world{dial(t, w.endpoint, "carl:pw"), w.endpoint, w.addresses}
	if doc := vm.xml(t, asker(t, own), true); strings.Contains(doc, hidden) {
		t.Errorf("a user reads a secret: %s", doc)
	}
}

// refusesOtherKeys: neither a server nor an import starts with another key.
func refusesOtherKeys(t *testing.T, data, out string) {
	t.Helper()
	c := config.Default()
	c.Markets = config.Markets{} // tests reach for nothing outside
	c.Data = data
	for _, spoil := range []func(path string) error{
		func(path string) error { return os.WriteFile(path, []byte(strings.Repeat("k", 64)), 0o600) },
		os.Remove,
	} {
		if err := spoil(filepath.Join(data, ".one", "one_key")); err != nil {
			t.Fatal(err)
		}
		if s, err := server.New(c, zerolog.Nop()); err == nil || !strings.Contains(err.Error(), "one_key") {
			t.Errorf("a server begins with another key: %v", err)
			if err == nil {
				s.Close()
			}
		}
		if err := spoil(filepath.Join(out, "one_key")); err != nil {
			t.Fatal(err)
		}
		if _, _, err := server.ImportFiles(t.TempDir(), out, false, true); err == nil || !strings.Contains(err.Error(), "one_key") {
			t.Errorf("an export with another key is imported: %v", err)
		}
	}
}
