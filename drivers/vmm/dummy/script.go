package dummy

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/renkei-vpe/renkei/pkg/pause"
)

// script gives actions the results that files tell. A file is named after the
// action as oned's drivers call it: deploy, shutdown, cancel, reboot, reset,
// save, restore, poll, migrate, attach_disk, detach_disk, attach_nic,
// detach_nic, update_nic, update_sg, snapshot_create, snapshot_revert,
// snapshot_delete, disk_snapshot_create, resize_disk, resize, monitor. Each line
// is the result of one call, and after the last line comes the first again:
//
//	success|1 [seconds]    works, after that many seconds
//	failure|0 [seconds]    fails
//	-                      never answers
//
// Without a file, or with a word that means nothing, the action works.
type script struct {
	dir string

	mu   sync.Mutex
	next map[string]int // by action: the line to come
}

var errScripted = errors.New("the dummy driver was told to fail")

// play waits and answers as the next line for action says.
func (s *script) play(ctx context.Context, action string) error {
	words, err := s.line(action)
	if err != nil || len(words) == 0 {
		return err
	}
	if words[0] == "-" {
		<-ctx.Done()
		return ctx.Err()
	}
	if err := pause.For(ctx, seconds(words)); err != nil {
		return err
	}
	if words[0] == "failure" || words[0] == "0" {
		return fmt.Errorf("%w (%s)", errScripted, filepath.Join(s.dir, action))
	}
	return nil
}

func seconds(words []string) time.Duration {
	if len(words) < 2 {
		return 0
	}
	n, err := strconv.ParseFloat(words[1], 64)
	if err != nil {
		return 0
	}
	return time.Duration(n * float64(time.Second))
}

// line answers the words of the next line for action.
func (s *script) line(action string) ([]string, error) {
	if s.dir == "" {
		return nil, nil
	}
	lines, err := readLines(filepath.Join(s.dir, action))
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next == nil {
		s.next = make(map[string]int)
	}
	n := s.next[action]
	s.next[action]++
	return strings.Fields(lines[n%len(lines)]), nil
}

func readLines(path string) ([]string, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var lines []string
	scan := bufio.NewScanner(file)
	for scan.Scan() {
		lines = append(lines, scan.Text())
	}
	return lines, scan.Err()
}
