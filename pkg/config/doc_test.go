package config

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write docs/configuration.md anew")

const docFile = "../../docs/configuration.md"

const docHead = `# Settings

Every setting has a default: no file is needed to begin. What comes later wins: the YAML file that
` + "`renkei serve --config` names, the environment, `--set setting=value`. The environment's name of\n`scheduler.enabled` is `RENKEI_SCHEDULER_ENABLED`" + `, and so on. A setting that does not exist is refused.
Durations are written as 30s, 5m, 1h30m.

This page is made from the code: ` + "`go test ./pkg/config -update`" + `.

| setting | default | meaning |
|---|---|---|
`

const listenersHead = `
## Further listeners

The API answers at ` + "`listen` and `path`" + `, and nowhere else. ` + "`listeners`" + ` is a list of further places, each of
which speaks one dialect; this gives OpenNebula 2.2's tools a server of their own on 127.0.0.1:2634, and the API a second path:

    listeners:
      - face: one22
      - face: one
        listen: 127.0.0.1:2633
        paths: [/other]

| setting | default | meaning |
|---|---|---|
`

const authHead = `
## Authentication drivers

Passwords (` + "`core`" + `), users whom only servers act for (` + "`public`" + `) and servers (` + "`server_cipher`" + `) are built in. A user
of any other driver is let in by a program: ` + "`<auth.dir>/<driver>/authenticate`" + `, which gets
` + "`<AUTHN><USERNAME>…</USERNAME><PASSWORD>…</PASSWORD><SECRET>…</SECRET></AUTHN>`" + ` on its standard input (what
is kept for him, and what he came with) and ends with 0 to let him in, as OpenNebula's own drivers do. What it writes then,
` + "`driver name password [gid …]`" + `, is who a new user will be (` + "`auth.default`" + `), and for drivers that manage groups the groups
that he is in: the primary one first, a star before those that he administers. Users who were let in are remembered for
` + "`auth.session_expiration`" + `.

Of core, public, ssh, x509, ldap, saml, server_cipher and server_x509 oned.conf's values hold; each entry of
` + "`auth.drivers`" + ` takes the place of all of them for its name:

    auth:
      default: ldap
      drivers:
        - name: ldap
          no_password: true
          driver_managed_groups: true
          max_token_time: 3600

| setting | default | meaning |
|---|---|---|
`

// TestDocumentationIsComplete compares docs/configuration.md with the settings:
// each with its default and the comment beside its field.
func TestDocumentationIsComplete(t *testing.T) {
	t.Parallel()
	meaning := comments(t)
	want := docHead + docLines(t, reflect.ValueOf(Default()), "", meaning) +
		listenersHead + docLines(t, reflect.ValueOf(Listener{}), "", meaning) +
		authHead + docLines(t, reflect.ValueOf(AuthDriver{}), "", meaning)
	if *update {
		if err := os.WriteFile(docFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(docFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s is not what the code says; run go test ./pkg/config -update:\n%s", docFile, diff)
	}
}

func docLines(t *testing.T, v reflect.Value, prefix string, meaning map[string]string) string {
	var b strings.Builder
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name := prefix + f.Tag.Get("yaml")
		if f.Type.Kind() == reflect.Struct {
			b.WriteString(docLines(t, v.Field(i), name+".", meaning))
			continue
		}
		text := meaning[v.Type().Name()+"."+f.Name]
		if text == "" {
			t.Errorf("%s: its field has no comment", name)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, defaultText(v.Field(i)), text)
	}
	return b.String()
}

func defaultText(v reflect.Value) string {
	if s := fmt.Sprint(v.Interface()); s != "" {
		return "`" + s + "`"
	}
	return "none"
}

// comments reads the comments of all fields, by type and field.
func comments(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "config.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if s, ok := spec.Type.(*ast.StructType); ok {
			for _, f := range s.Fields.List {
				list[spec.Name.Name+"."+f.Names[0].Name] = strings.TrimSpace(f.Comment.Text())
			}
		}
		return true
	})
	return list
}
