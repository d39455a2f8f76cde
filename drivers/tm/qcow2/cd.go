package qcow2

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/contextcd"
)

// buildCD makes a context CD in a new temporary folder, which the caller removes, and answers
// its path.
func buildCD(files []drivers.File) (string, error) {
	dir, err := os.MkdirTemp("", "renkei-cd-")
	if err != nil {
		return "", err
	}
	cd := filepath.Join(dir, "context.iso")
	if err := contextcd.Build(cd, files); err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return cd, nil
}
