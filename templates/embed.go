// Package templates has the default files that an administrator may replace: a file in the
// configured folder has precedence over the embedded file of the same name.
package templates

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// KVM is the file with the defaults of libvirt domains, in OpenNebula's format and with its
// name.
const KVM = "vmm_exec_kvm.conf"

//go:embed *.conf
var embedded embed.FS

// Load answers the file of that name in dir, or the embedded one if dir is "" or has none.
func Load(dir, name string) (string, error) {
	if dir != "" {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil {
			return string(text), nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("reading the template %s: %w", name, err)
		}
	}
	text, err := embedded.ReadFile(name)
	if err != nil {
		return "", fmt.Errorf("there is no template %s: %w", name, err)
	}
	return string(text), nil
}
