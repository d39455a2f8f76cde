// Package authrun asks authentication drivers that are programs: the protocol is the
// one of OpenNebula's scripts, so that its own drivers, and those that people wrote for
// it, let users in here as well.
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

// Driver asks the programs of a folder: each has a folder of its own there, with a
// program called authenticate.
type Driver struct {
	Dir     string
	Names   []string      // those that may be asked; none are all that there are
	Timeout time.Duration // how long one may take
	// Execute runs a command here to its end and answers what it wrote. When ctx
	// ends, the command and all it started are killed.
	Execute func(ctx context.Context, args []string, stdin io.Reader) (out []byte, err error)
}

var _ user.Asker = (*Driver)(nil)

// question is what a program reads.
type question struct {
	XMLName  xml.Name `xml:"AUTHN"`
	Username string   `xml:"USERNAME"`
	Password string   `xml:"PASSWORD"`
	Secret   string   `xml:"SECRET"`
}

// Ask implements user.Asker. A program that ends with 0 lets the user in, and says on
// its standard output what is to be known of him.
func (d *Driver) Ask(ctx context.Context, driver, name, password, secret string) (string, error) {
	program, err := d.program(driver)
	if err != nil {
		return "", err
	}
	if password == "-" { // stands for none on oned's way to its drivers
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

// program is the one of a driver. Administrators, and no others, name drivers; all the
// same a name never leads out of the folder.
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
