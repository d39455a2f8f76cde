package cli_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/cli"
)

// recordings is the folder with recorded answers of a real oned.
var recordings = filepath.Join("..", "..", "..", "shared", "golden", "one-7.jsonl")

// programs are the commands that print the answer of a method.
var programs = map[string][]string{
	"one.vm.info": {"onevm", "show", "0"}, "one.vmpool.info": {"onevm", "list"},
	"one.image.info": {"oneimage", "show", "0"}, "one.imagepool.info": {"oneimage", "list"},
	"one.host.info": {"onehost", "show", "0"}, "one.hostpool.info": {"onehost", "list"},
	"one.vn.info": {"onevnet", "show", "0", "--show-ar"}, "one.vnpool.info": {"onevnet", "list"},
	"one.template.info": {"onetemplate", "show", "0"}, "one.templatepool.info": {"onetemplate", "list"},
	"one.user.info": {"oneuser", "show", "0"}, "one.userpool.info": {"oneuser", "list"},
	"one.group.info": {"onegroup", "show", "0"}, "one.grouppool.info": {"onegroup", "list"},
	"one.cluster.info": {"onecluster", "show", "0"}, "one.clusterpool.info": {"onecluster", "list"},
	"one.datastore.info": {"onedatastore", "show", "0"}, "one.datastorepool.info": {"onedatastore", "list"},
	"one.acl.info": {"oneacl", "list"}, "one.zone.info": {"onezone", "show", "0"}, "one.zonepool.info": {"onezone", "list"},
	"one.vrouter.info": {"onevrouter", "show", "0", "--all"}, "one.vrouterpool.info": {"onevrouter", "list"},
	"one.vmgroup.info": {"onevmgroup", "show", "0"}, "one.vmgrouppool.info": {"onevmgroup", "list"},
	"one.market.info": {"onemarket", "show", "0"}, "one.marketpool.info": {"onemarket", "list"},
	"one.marketapp.info": {"onemarketapp", "show", "0"}, "one.marketapppool.info": {"onemarketapp", "list"},
	"one.backupjob.info": {"onebackupjob", "show", "0"}, "one.backupjobpool.info": {"onebackupjob", "list"},
	"one.secgroup.info": {"onesecgroup", "show", "0"}, "one.secgrouppool.info": {"onesecgroup", "list"},
	"one.vntemplate.info": {"onevntemplate", "show", "0"}, "one.vntemplatepool.info": {"onevntemplate", "list"},
	"one.vdc.info": {"onevdc", "show", "0"}, "one.vdcpool.info": {"onevdc", "list"},
	"one.hook.info": {"onehook", "show", "0"}, "one.hookpool.info": {"onehook", "list"},
}

// TestRecordedAnswersAreShown prints every recorded document with its command, in every format.
func TestRecordedAnswersAreShown(t *testing.T) {
	t.Parallel()
	documents := recordedDocuments(t)
	dir := t.TempDir()
	server := newFakeServer(dir, filepath.Join("testdata", "answers"))
	t.Cleanup(server.close)
	for _, d := range documents {
		for _, name := range []string{d.method, d.method + ".0"} { // they have precedence over files in testdata
			if err := os.WriteFile(filepath.Join(dir, name), []byte(d.text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := runAgainst(t, server, programs[d.method]...); !strings.Contains(got, "ID") {
			t.Errorf("step %s: nothing was shown:\n%s", d.step, got)
		}
		if got := runAgainst(t, server, append(programs[d.method], "-x")...); got != d.text+"\n" {
			t.Errorf("step %s: XML is not as it came:\n%s", d.step, got)
		}
		if got := runAgainst(t, server, append(programs[d.method], "-j")...); !json.Valid([]byte(got)) {
			t.Errorf("step %s: not JSON:\n%s", d.step, got)
		}
	}
	t.Logf("%d documents", len(documents))
}

func runAgainst(t *testing.T, server *fakeServer, words ...string) string {
	t.Helper()
	words = append(words, "--endpoint", server.url(), "--user", "oneadmin", "--password", "secret")
	var out, err bytes.Buffer
	code, ok := cli.Run(t.Context(), words, cli.Stdio{In: strings.NewReader(""), Out: &out, Err: &err})
	if !ok || code != 0 || err.Len() > 0 {
		t.Errorf("%s: exit code %d, %s", strings.Join(words, " "), code, err.String())
	}
	return out.String()
}

type recorded struct{ step, method, text string }

// recordedDocuments are the recorded answers that one of our commands prints.
func recordedDocuments(t *testing.T) []recorded {
	t.Helper()
	file, err := os.Open(recordings)
	if os.IsNotExist(err) {
		t.Skip("no recordings of a real oned beside the project: ", recordings)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var found []recorded
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var step struct{ Name, Request, Response string }
		if err := json.Unmarshal(lines.Bytes(), &step); err != nil {
			t.Fatal(err)
		}
		if d, ok := documentOf(step.Request, step.Response); ok {
			d.step = step.Name
			found = append(found, d)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}

func documentOf(request, response string) (recorded, bool) {
	var call methodCall
	var answer struct {
		Values []value `xml:"params>param>value>array>data>value"`
	}
	if xml.Unmarshal([]byte(request), &call) != nil || xml.Unmarshal([]byte(response), &answer) != nil || len(answer.Values) < 2 {
		return recorded{}, false
	}
	done, document := answer.Values[0].Boolean, answer.Values[1].String
	shown := programs[call.Method] != nil && done != nil && *done == 1 && document != nil
	if !shown {
		return recorded{}, false
	}
	return recorded{method: call.Method, text: *document}, true
}
