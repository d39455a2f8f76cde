package cli

import (
	"encoding/base64"
	"fmt"
	"os"
	"strings"
)

// context adds CONTEXT from options. The template's context is kept, unless options override
// it; --context replaces all of it.
func (t *template) context(in *input) error {
	said, err := contextOptions(in)
	if err != nil {
		return err
	}
	if len(said) == 0 && !in.given("context") {
		return nil
	}
	lines := append([]string(nil), in.list("context")...)
	if !in.given("context") {
		lines = append(lines, keptContext(in.context, said)...)
	}
	for _, attribute := range said {
		lines = append(lines, pair(attribute))
	}
	t.text.WriteString("CONTEXT=[\n  " + strings.Join(lines, ",\n  ") + "\n]\n")
	return nil
}

// keptContext is the old context without attributes that are set anew.
func keptContext(old, said []*node) []string {
	var lines []string
	for _, context := range old {
		for _, attribute := range context.kids {
			if (&node{kids: said}).at(attribute.name) == nil && attribute.text != "" {
				lines = append(lines, pair(attribute))
			}
		}
	}
	return lines
}

func contextOptions(in *input) ([]*node, error) {
	var said []*node
	add := func(name, value string) { said = append(said, &node{name: name, text: value}) }
	if in.given("ssh") {
		key, err := publicKey(in.text("ssh"))
		if err != nil {
			return nil, err
		}
		add("SSH_PUBLIC_KEY", key)
	}
	if in.bool("net_context") {
		add("NETWORK", "YES")
	}
	if files := in.list("files_ds"); len(files) > 0 {
		var names []string
		for _, name := range files {
			names = append(names, "$FILE[IMAGE="+quote(name)+"]")
		}
		add("FILES_DS", strings.Join(names, " "))
	}
	if scripts := in.list("init"); len(scripts) > 0 {
		add("INIT_SCRIPTS", strings.Join(scripts, " "))
	}
	if in.given("startscript") {
		script, err := os.ReadFile(in.text("startscript"))
		if err != nil {
			return nil, fmt.Errorf("--startscript: %w", err)
		}
		add("START_SCRIPT_BASE64", base64.StdEncoding.EncodeToString([]byte(strings.TrimSpace(string(script)))))
	}
	if in.bool("report_ready") {
		add("REPORT_READY", "YES")
	}
	return said, nil
}

// publicKey is the key in a file, or the reference to the user's own key.
func publicKey(file string) (string, error) {
	if file == userKey {
		return userKey, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("--ssh: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}
