package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Load returns the defaults, changed by a file (none if path is ""), by the environment
// (RENKEI_SCHEDULER_ENABLED for scheduler.enabled), and by overrides of the form "a.b=value",
// in this order.
func Load(path string, overrides []string, env func(string) (string, bool)) (Config, error) {
	c := Default()
	if path != "" {
		text, err := os.ReadFile(path)
		if err != nil {
			return c, fmt.Errorf("reading the configuration: %w", err)
		}
		if err := c.merge(text); err != nil {
			return c, fmt.Errorf("%s: %w", path, err)
		}
	}
	for _, key := range keys(reflect.TypeFor[Config](), "") {
		name := envName(key)
		if value, ok := env(name); ok {
			if err := c.set(key + "=" + value); err != nil {
				return c, fmt.Errorf("environment %s: %w", name, err)
			}
		}
	}
	for _, o := range overrides {
		if err := c.set(o); err != nil {
			return c, fmt.Errorf("--set %s: %w", o, err)
		}
	}
	return c, c.check()
}

// envName is the name of a setting in the environment.
func envName(key string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

const envPrefix = "RENKEI_"

// CheckEnv refuses variables that look like a misspelled setting, such as
// RENKEI_SCHEDULER_ENABLE. Other variables with that prefix are ignored.
func CheckEnv(environ []string) error {
	known, sections := map[string]bool{}, map[string]bool{}
	for _, key := range keys(reflect.TypeFor[Config](), "") {
		section, _, dotted := strings.Cut(key, ".")
		known[envName(key)], sections[section] = true, dotted
	}
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		rest, ours := strings.CutPrefix(name, envPrefix)
		section, key, dotted := strings.Cut(strings.ToLower(rest), "_")
		if !ours || known[name] || !dotted || !sections[section] {
			continue
		}
		c := Default()
		if err := c.set(section + "." + key + "=" + value); err != nil {
			return fmt.Errorf("environment %s: %w", name, err)
		}
	}
	return nil
}

// merge applies a document to c. Unknown keys are errors.
func (c *Config) merge(text []byte) error {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) { // an empty file is valid
			return nil
		}
		return err
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return errors.New("it holds more than one document: everything after the second --- would be ignored")
	}
	return c.lay(&doc)
}

func (c *Config) lay(doc *yaml.Node) error {
	if err := unknownKeys(doc); err != nil {
		return err
	}
	return doc.Decode(c)
}

// set applies one override to c.
func (c *Config) set(override string) error {
	key, value, ok := strings.Cut(override, "=")
	if !ok || key == "" {
		return errors.New(`it must have the form "a.b=value"`)
	}
	node, err := valueNode(key, value)
	if err != nil {
		return err
	}
	parts := strings.Split(key, ".")
	for _, part := range slices.Backward(parts) {
		node = &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: part}, node}}
	}
	return c.lay(&yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{node}})
}

// valueNode parses a value as YAML, except for settings that are text, which are taken
// literally.
func valueNode(key, value string) (*yaml.Node, error) {
	if t := typeOf(key); t != nil && t.Kind() == reflect.String {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}, nil
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(value), &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return nil, fmt.Errorf("%s needs a value", key)
	}
	return doc.Content[0], nil
}

// DatastoresDir is the directory of the datastores.
func (c *Config) DatastoresDir() (string, error) {
	if c.Storage.Location != "" {
		return filepath.Abs(c.Storage.Location)
	}
	return filepath.Abs(filepath.Join(c.Data, "datastores"))
}

// MACPrefix is the first two bytes of generated MAC addresses.
func (c *Config) MACPrefix() (uint16, error) {
	n, err := strconv.ParseUint(strings.ReplaceAll(c.Network.MACPrefix, ":", ""), 16, 16)
	return uint16(n), err
}

// Umask is the permissions that new objects do not get.
func (c *Config) Umask() int {
	n, _ := strconv.ParseInt(c.Auth.Umask, 8, 32) // Load has checked it
	return int(n)
}
