package remote

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
)

// Config is how hosts are reached. The zero value is usable.
type Config struct {
	// SSH is the ssh command with its first arguments; ["ssh"] if empty. Its -o options have
	// precedence over the Runner's.
	SSH []string
	// ControlDir is the folder for the sockets of multiplexed connections; if empty, a new
	// temporary folder. Close removes it.
	ControlDir string
	// ConnectTimeout limits connecting: 10 s if 0.
	ConnectTimeout time.Duration
	// MaxOutput limits the output of a command, in bytes: 4 MiB if 0.
	MaxOutput int
}

// maxControlDir leaves room, in the 108 bytes of a socket's address, for ssh's name of a socket
// and for its temporary suffix.
const maxControlDir = 108 - 1 - len("/") - 40 - 18

// Runner runs commands on hosts. It is safe for concurrent use.
type Runner struct {
	ssh        []string
	controlDir string
	maxOutput  int

	mu      sync.Mutex
	reached map[string]bool // hosts that may have a connection to close
}

// New makes a Runner and the folder for its connections.
func New(cfg Config) (*Runner, error) {
	dir, err := controlDir(cfg.ControlDir)
	if err != nil {
		return nil, fmt.Errorf("making the folder for ssh connections: %w", err)
	}
	if len(dir) > maxControlDir {
		return nil, errors.Join(os.RemoveAll(dir), fmt.Errorf(
			"the folder for ssh connections %s is longer than the %d bytes that ssh can use: choose a shorter one",
			dir, maxControlDir))
	}
	ssh := cfg.SSH
	if len(ssh) == 0 {
		ssh = []string{"ssh"}
	}
	seconds := int(cmp.Or(cfg.ConnectTimeout, 10*time.Second).Round(time.Second) / time.Second)
	return &Runner{
		ssh:        append(append([]string{}, ssh...), options(dir, max(seconds, 1))...),
		controlDir: dir,
		maxOutput:  cmp.Or(cfg.MaxOutput, 4<<20),
		reached:    map[string]bool{},
	}, nil
}

func controlDir(dir string) (string, error) {
	if dir == "" {
		return os.MkdirTemp("", "renkei-ssh-")
	}
	return dir, os.MkdirAll(dir, 0o700)
}

// options are options of ssh. ssh uses the first value of an option, so those of Config.SSH
// come before these.
func options(dir string, connectSeconds int) []string {
	return []string{
		"-o", "BatchMode=yes",
		"-o", "ConnectTimeout=" + strconv.Itoa(connectSeconds),
		"-o", "ServerAliveInterval=10",
		"-o", "ServerAliveCountMax=3",
		"-o", "LogLevel=ERROR",
		"-o", "ControlMaster=auto",
		"-o", "ControlPath=" + dir + "/%C",
		"-o", "ControlPersist=60",
	}
}

// Close closes the multiplexed connections and removes their sockets.
func (r *Runner) Close() error {
	r.mu.Lock()
	hosts := r.reached
	r.reached = map[string]bool{}
	r.mu.Unlock()

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var wg sync.WaitGroup
	for name := range hosts {
		wg.Go(func() { r.hangUp(ctx, name) })
	}
	wg.Wait()
	return os.RemoveAll(r.controlDir)
}

// hangUp closes the connection to a host. After a minute without use there is none any more,
// which ssh reports as an error.
func (r *Runner) hangUp(ctx context.Context, name string) {
	args := append(r.ssh[1:len(r.ssh):len(r.ssh)], "-O", "exit", "--", name)
	_ = exec.CommandContext(ctx, r.ssh[0], args...).Run()
}

// overSSH answers the arguments of ssh for a command line on a host.
func (r *Runner) overSSH(h drivers.Host, line string) ([]string, error) {
	if h.Name == "" || strings.HasPrefix(h.Name, "-") || strings.ContainsAny(h.Name, " \t\n\x00") {
		return nil, fmt.Errorf("host %d has the name %q, which ssh cannot reach", h.ID, h.Name)
	}
	r.mu.Lock()
	r.reached[h.Name] = true
	r.mu.Unlock()
	return append(r.ssh[:len(r.ssh):len(r.ssh)], "--", h.Name, line), nil
}
