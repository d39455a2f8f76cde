// Package authrun runs external authentication drivers. It speaks the protocol of OpenNebula's
// scripts, so that OpenNebula's own drivers, and those that people have written for it, can be
// used.
package authrun

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/renkei-vpe/renkei/pkg/user"
)

// Driver runs the drivers of a folder, which has a subfolder for each driver with a program
// called authenticate.
type Driver struct {
	Dir     string
	Names   []string      // the drivers that may be run; if empty, all that are installed
	Timeout time.Duration // how long a driver may take
	// Execute runs a local command to its end and answers what it wrote to its standard output.
	// When ctx ends, the command and its children are killed.
	Execute func(ctx context.Context, args []string, stdin io.Reader) (out []byte, err error)
}

var _ user.Asker = (*Driver)(nil)

// question is what a driver reads from its standard input.
type question struct {
	XMLName  xml.Name `xml:"AUTHN"`
	Username string   `xml:"USERNAME"`
	Password string   `xml:"PASSWORD"`
	Secret   string   `xml:"SECRET"`
}

// Ask implements user.Asker. A driver that exits with 0 accepts the user, and writes the user's
// driver data to its standard output.
func (d *Driver) Ask(ctx context.Context, driver, name, password, secret string) (string, error) {
	program, err := d.program(driver)
	if err != nil {
		return "", err
	}
	if password == "-" { // oned passes an empty password to its drivers as -
		password = ""
	}
	asked, err := xml.Marshal(question{Username: name, Password: password, Secret: secret})
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, d.Timeout, fmt.Errorf("no answer within %v", d.Timeout))
	defer cancel()
	out, err := d.Execute(ctx, []string{program}, bytes.NewReader(asked))
	if ctx.Err() != nil {
		return "", fmt.Errorf("authentication driver %s: %w", driver, context.Cause(ctx))
	}
	if err != nil {
		return "", fmt.Errorf("authentication driver %s: %w", driver, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// program is the path of a driver's program. Only administrators set drivers' names, but even
// so a name must not lead out of the folder.
func (d *Driver) program(driver string) (string, error) {
	path := filepath.Join(d.Dir, driver, "authenticate")
	inside := driver != "" && driver != "." && driver != ".." && !strings.ContainsAny(driver, "/\\\x00")
	listed := len(d.Names) == 0 || slices.Contains(d.Names, driver)
	if inside && listed {
		info, err := os.Stat(path)
		if err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			return path, nil
		}
	}
	return "", errors.New("Authentication driver '" + driver + "' not available")
}
