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

// Config is how hosts are reached. The zero value is fit for use.
type Config struct {
	// SSH is the ssh command and its first arguments: ["ssh"] when empty. What
	// it sets with -o wins over what the Runner sets.
	SSH []string
	// ControlDir holds the sockets of the shared connections; a new folder in
	// the system's temporary folder when empty. It is removed by Close.
	ControlDir string
	// ConnectTimeout bounds the making of a connection: 10 s when 0.
	ConnectTimeout time.Duration
	// MaxOutput bounds what a command may answer, in bytes: 4 MiB when 0.
	MaxOutput int
}

// maxControlDir leaves room, in the 108 bytes of a socket's address, for the
// name ssh gives to a socket and for the suffix it works under.
const maxControlDir = 108 - 1 - len("/") - 40 - 18

// Runner runs commands on hosts. It may be used by many goroutines at once.
type Runner struct {
	ssh        []string
	controlDir string
	maxOutput  int

	mu      sync.Mutex
	reached map[string]bool // hosts that may have a connection to end
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

// options of ssh. The first value that ssh sees for an option counts, so those
// of Config.SSH come before these.
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

// Close ends the shared connections and removes their sockets.
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

// hangUp ends the shared connection to a host. That there is none any more is
// the usual case after a minute of quiet, and ssh reports it as an error.
func (r *Runner) hangUp(ctx context.Context, name string) {
	args := append(r.ssh[1:len(r.ssh):len(r.ssh)], "-O", "exit", "--", name)
	_ = exec.CommandContext(ctx, r.ssh[0], args...).Run()
}

// overSSH answers the arguments that run a command line on a host.
func (r *Runner) overSSH(h drivers.Host, line string) ([]string, error) {
	if h.Name == "" || strings.HasPrefix(h.Name, "-") || strings.ContainsAny(h.Name, " \t\n\x00") {
		return nil, fmt.Errorf("host %d has the name %q, which ssh cannot reach", h.ID, h.Name)
	}
	r.mu.Lock()
	r.reached[h.Name] = true
	r.mu.Unlock()
	return append(r.ssh[:len(r.ssh):len(r.ssh)], "--", h.Name, line), nil
}
