package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Load answers the defaults, changed by a file (none when path is ""), and by
// overrides of the form "a.b=value".
func Load(path string, overrides []string) (Config, error) {
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
	for _, o := range overrides {
		if err := c.set(o); err != nil {
			return c, fmt.Errorf("--set %s: %w", o, err)
		}
	}
	return c, c.check()
}

// merge lays a document over c. A key that does not exist is an error.
func (c *Config) merge(text []byte) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return err
	}
	if err := unknownKeys(&doc); err != nil {
		return err
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(c); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// set lays one setting over c.
func (c *Config) set(override string) error {
	key, value, ok := strings.Cut(override, "=")
	if !ok || key == "" {
		return errors.New(`it must have the form "a.b=value"`)
	}
	parts := strings.Split(key, ".")
	var doc strings.Builder
	for depth, part := range parts {
		fmt.Fprintf(&doc, "%s%s:", strings.Repeat("  ", depth), part)
		if depth < len(parts)-1 {
			doc.WriteByte('\n')
		}
	}
	fmt.Fprintf(&doc, " %s\n", value)
	return c.merge([]byte(doc.String()))
}

// DatastoresDir is where datastores are.
func (c *Config) DatastoresDir() (string, error) {
	if c.Storage.Location != "" {
		return filepath.Abs(c.Storage.Location)
	}
	return filepath.Abs(filepath.Join(c.Data, "datastores"))
}
