package xsd_test

import (
	"bufio"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/beevik/etree"
)

// The folders of the reference material, next to the project.
var (
	schemaDir = filepath.Join("..", "..", "..", "shared", "reference", "one", "xsd")
	recording = filepath.Join("..", "..", "..", "shared", "golden", "one-7.jsonl")
)

// TestAgainstLibxml validates every recorded document, and damaged copies of it, with our
// validator and with xmllint, and compares the results.
func TestAgainstLibxml(t *testing.T) {
	t.Parallel()
	docs := recordedDocuments(t)
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("skipped the comparison with libxml2: no xmllint here")
	}
	set := load(t, schemaDir)
	bySchema := map[string][]string{}
	for _, doc := range docs {
		for _, name := range set.Schemas(rootOf(doc)) {
			bySchema[name] = append(bySchema[name], damaged(t, doc)...)
		}
	}
	stripped := stripNamespace(t)
	valid, total := 0, 0
	for name, docs := range bySchema {
		for i, want := range xmllint(t, filepath.Join(stripped, name+".xsd"), docs) {
			problems := set.Validate(name, []byte(docs[i]))
			if got := len(problems) == 0; got != want {
				t.Errorf("%s: valid is %v here and %v in libxml2: %v\n%s", name, got, want, problems, docs[i])
			}
			total++
			if want {
				valid++
			}
		}
	}
	t.Logf("%d documents from %d recorded ones, %d of them valid", total, len(docs), valid)
	if valid == 0 || valid == total {
		t.Errorf("%d of %d documents are valid: the comparison shows nothing", valid, total)
	}
}

// recordedDocuments answers the distinct documents in recorded answers, or skips the test if
// there is no recording.
func recordedDocuments(t *testing.T) []string {
	t.Helper()
	f, err := os.Open(recording)
	if err != nil {
		t.Skipf("skipped all recorded documents: %v", err)
	}
	defer f.Close()
	var docs []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var step struct{ Response string }
		if err := json.Unmarshal(lines.Bytes(), &step); err != nil {
			t.Fatal(err)
		}
		docs = append(docs, documentsIn(t, step.Response)...)
	}
	slices.Sort(docs)
	return slices.Compact(docs)
}

// documentsIn answers the strings of an answer that contain a document.
func documentsIn(t *testing.T, response string) []string {
	t.Helper()
	if !strings.Contains(response, "<methodResponse>") {
		return nil
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromString(response); err != nil {
		t.Fatal(err)
	}
	var docs []string
	for _, e := range doc.FindElements("//value/string") {
		if strings.HasPrefix(e.Text(), "<") && xml.Unmarshal([]byte(e.Text()), new(any)) == nil {
			docs = append(docs, e.Text())
		}
	}
	return docs
}

func rootOf(doc string) string {
	return regexp.MustCompile(`^<([A-Z_]+)`).FindStringSubmatch(doc)[1]
}

// damaged answers the document and copies of it with one error each, at a place that depends on
// the document only.
func damaged(t *testing.T, doc string) []string {
	t.Helper()
	copies := []string{doc}
	for i, damage := range []func(*etree.Element){
		func(e *etree.Element) { e.Parent().RemoveChild(e) },
		func(e *etree.Element) { e.Parent().AddChild(e.Copy()) },
		func(e *etree.Element) { e.Parent().InsertChildAt(0, e) },
		func(e *etree.Element) { e.SetText("not a number") },
		func(e *etree.Element) { e.SetText("") },
		func(e *etree.Element) { e.CreateElement("STRANGER") },
		func(e *etree.Element) { e.Tag = "STRANGER" },
		func(e *etree.Element) { e.CreateAttr("stranger", "1") },
	} {
		d := etree.NewDocument()
		if err := d.ReadFromString(doc); err != nil {
			t.Fatal(err)
		}
		all := d.FindElements("/*//*")
		for k := range min(len(all), 4) {
			c := d.Copy()
			damage(c.FindElements("/*//*")[(i*7+k*len(all)/4)%len(all)])
			text, err := c.WriteToString()
			if err != nil {
				t.Fatal(err)
			}
			copies = append(copies, text)
		}
	}
	return copies
}

// stripNamespace copies the schemas without their target namespace, as documents have none.
func stripNamespace(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	names, err := filepath.Glob(filepath.Join(schemaDir, "*.xsd"))
	if err != nil {
		t.Fatal(err)
	}
	space := regexp.MustCompile(`\s(targetNamespace|xmlns)="http://opennebula.org/XMLSchema"`)
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text = space.ReplaceAll(text, nil)
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(name)), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// xmllint answers which documents are valid for libxml2.
func xmllint(t *testing.T, schema string, docs []string) []bool {
	t.Helper()
	dir := t.TempDir()
	args := []string{"--noout", "--schema", schema}
	for i, doc := range docs {
		name := filepath.Join(dir, fmt.Sprintf("%04d.xml", i))
		if err := os.WriteFile(name, []byte(doc), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	out, _ := exec.Command("xmllint", args...).CombinedOutput() // the exit code only says that some are invalid
	verdicts := make([]bool, len(docs))
	for i := range docs {
		name := filepath.Join(dir, fmt.Sprintf("%04d.xml", i))
		verdicts[i] = strings.Contains(string(out), name+" validates")
		if !verdicts[i] && !strings.Contains(string(out), name+" fails to validate") {
			t.Fatalf("xmllint gave no verdict on %s with %s:\n%.2000s", name, schema, out)
		}
	}
	return verdicts
}

// TestRecordedDocuments counts how many of the original's answers are valid by its own schemas:
// most have to be, or the schemas would be no criterion.
func TestRecordedDocuments(t *testing.T) {
	t.Parallel()
	docs := recordedDocuments(t)
	set := load(t, schemaDir)
	valid := 0
	var odd []string
	for _, doc := range docs {
		switch problems := set.ValidateAny([]byte(doc)); {
		case len(problems) == 0:
			valid++
		default:
			odd = append(odd, problems[0].String())
		}
	}
	slices.Sort(odd)
	t.Logf("%d of %d recorded documents are valid; first problem of the others:\n%s", valid, len(docs), strings.Join(slices.Compact(odd), "\n"))
	if valid*2 < len(docs) {
		t.Errorf("only %d of %d recorded documents are valid", valid, len(docs))
	}
}
