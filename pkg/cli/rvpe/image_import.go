package rvpe

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// imageImport uploads an image and registers it. Errors of the definition are found before the
// upload.
func imageImport(s *session, args []string) error {
	definition, err := readDefinition(args[0])
	if err != nil {
		return err
	}
	name := valueIn(definition, "name")
	if name == "" {
		return failf("Can't find OS Image name in the definition file.")
	}
	if err := s.enter(); err != nil {
		return err
	}
	if _, err := s.call("image.ask_id", name); err == nil {
		return failf("Image[%s] already exists.", name)
	}
	path := valueIn(definition, "path")
	if path == "" {
		return failf("Can't find OS Image file path in the definition file.")
	}
	if path, err = expanded(path); err != nil {
		return err
	}
	if err := s.validate(path); err != nil {
		return err
	}
	sent, err := s.send(path)
	if err != nil {
		return err
	}
	return s.register(definition, sent)
}

// register registers an uploaded image.
func (s *session) register(definition, sent string) error {
	text, err := withTransfer(definition, sent)
	if err != nil {
		return err
	}
	made, err := s.call("image.allocate", text)
	if err != nil {
		return err
	}
	img, err := s.document("image.info", made.ID)
	if err != nil {
		return err
	}
	if _, err := s.call("image.enable", made.ID, true); err != nil {
		return err
	}
	s.say("Image[%s] is created.", img.label())
	return nil
}

// validate sends the server the output of qemu-img info, if qemu-img is installed.
func (s *session) validate(path string) error {
	qemuImg, err := exec.LookPath("qemu-img")
	if err != nil {
		return nil
	}
	look := exec.CommandContext(s.ctx, qemuImg, "info", path)
	look.Stderr = s.io.Err
	told, err := look.Output() // if it fails, the server reports what is missing
	if err != nil && !errors.As(err, new(*exec.ExitError)) {
		return fmt.Errorf("looking at %s: %w", path, err)
	}
	_, err = s.call("image.validate", string(told))
	return err
}

// valueIn finds the value of a key in the text of a definition.
func valueIn(definition, key string) string {
	m := regexp.MustCompile(`(?mi)^[ \t]*` + key + `[ \t]*:[ \t]*(.+)$`).FindStringSubmatch(definition)
	if m == nil {
		return ""
	}
	var value string
	if yaml.Unmarshal([]byte(m[1]), &value) != nil {
		return strings.TrimSpace(m[1])
	}
	return value
}

// expanded makes a path absolute, as Ruby does: ~ is the home folder.
func expanded(path string) (string, error) {
	if rest, ok := strings.CutPrefix(path, "~"); ok && (rest == "" || rest[0] == '/') {
		path = filepath.Join(os.Getenv("HOME"), rest)
	}
	return filepath.Abs(path)
}

// line is a line of a definition; RENKEI-VPE does not need a space after the colon.
var line = regexp.MustCompile(`^[ \t]*([^:\s][^:]*?)[ \t]*:[ \t]*(\S.*)$`)

// withTransfer is the definition for the server: with an absolute path, and the session of the
// upload.
func withTransfer(definition, sent string) (string, error) {
	var out []string
	for text := range strings.Lines(definition) {
		text = strings.TrimRight(text, "\r\n")
		if m := line.FindStringSubmatch(text); m != nil && !strings.HasPrefix(m[1], "#") {
			text = m[1] + ": " + m[2]
		}
		out = append(out, text)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(strings.Join(out, "\n")), &doc); err != nil {
		return "", failf("%v", err)
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return "", failf("Can't find OS Image name in the definition file.")
	}
	if err := complete(doc.Content[0], sent); err != nil {
		return "", err
	}
	text, err := yaml.Marshal(&doc)
	return string(text), err
}

func complete(keys *yaml.Node, sent string) error {
	for i := 0; i+1 < len(keys.Content); i += 2 {
		if !strings.EqualFold(keys.Content[i].Value, "path") {
			continue
		}
		path, err := expanded(keys.Content[i+1].Value)
		if err != nil {
			return err
		}
		keys.Content[i+1].SetString(path)
	}
	key, value := new(yaml.Node), new(yaml.Node)
	key.SetString("transfer")
	value.SetString(sent)
	keys.Content = append(keys.Content, key, value)
	return nil
}
