// Package dummyaction makes actions of the dummy drivers of disks, images and networks take
// time and fail on request, for tests and demonstrations.
package dummyaction

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/renkei-vpe/renkei/pkg/pause"
)

// Actions controls a dummy driver's actions. With the zero value all succeed at once.
type Actions struct {
	// Dir is a folder whose files are named after actions. An action whose file
	// begins with "failure" or "0" fails; a number after that, or after "success",
	// is how many seconds it takes.
	Dir string
	// Delay is how long every action takes.
	Delay time.Duration
}

// ErrTold is the error of a failure on request.
var ErrTold = errors.New("the dummy driver was told to fail")

// Play waits, and answers an error if the action is told to fail.
func (a Actions) Play(ctx context.Context, action string) error {
	if err := pause.For(ctx, a.Delay); err != nil {
		return err
	}
	if a.Dir == "" {
		return nil
	}
	file := filepath.Join(a.Dir, action)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading how %s is to go: %w", action, err)
	}
	words := strings.Fields(string(text))
	if len(words) > 1 {
		if seconds, err := strconv.ParseFloat(words[1], 64); err == nil {
			if err := pause.For(ctx, time.Duration(seconds*float64(time.Second))); err != nil {
				return err
			}
		}
	}
	if len(words) > 0 && (words[0] == "failure" || words[0] == "0") {
		return fmt.Errorf("%w (%s)", ErrTold, file)
	}
	return nil
}
