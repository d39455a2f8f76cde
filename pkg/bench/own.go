package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/renkei-vpe/renkei/pkg/pause"
)

// Target is a server to measure: a running one, or one that is started for that.
type Target struct {
	Endpoint, Session string
	Own               *Own // nil for a running one
}

func (t Target) caller() (*caller, error) {
	to, err := parseEndpoint(t.Endpoint)
	return &caller{to: to, session: t.Session}, err
}

// Own is a server that was started for a measurement: the same program, in another process.
type Own struct {
	Program  string
	Settings []string // in the form of --set
	dir      string
	listen   string
	proc     *exec.Cmd
	log      *os.File
}

const ownSession = "oneadmin:bench"

// NewOwn makes a data folder for a server, which Remove deletes.
func NewOwn(program string, settings ...string) (*Own, error) {
	dir, err := os.MkdirTemp("", "renkei-bench-")
	if err != nil {
		return nil, err
	}
	o := &Own{Program: program, Settings: settings, dir: dir}
	if err := os.WriteFile(o.auth(), []byte(ownSession+"\n"), 0o600); err != nil {
		return nil, errors.Join(err, o.Remove())
	}
	if o.log, err = os.Create(filepath.Join(dir, "log")); err != nil {
		return nil, errors.Join(err, o.Remove())
	}
	return o, nil
}

func (o *Own) auth() string { return filepath.Join(o.dir, "one_auth") }

// Target is the server as a target.
func (o *Own) Target() Target {
	return Target{Endpoint: "http://" + o.listen + "/RPC2", Session: ownSession, Own: o}
}

// Start starts the server, and answers how long its first answer took.
func (o *Own) Start(ctx context.Context) (time.Duration, error) {
	if err := o.chooseAddress(); err != nil {
		return 0, err
	}
	args := []string{"serve", "--data", filepath.Join(o.dir, "data"), "--listen", o.listen}
	for _, s := range append([]string{"log.level=warn", "log.format=json"}, o.Settings...) {
		args = append(args, "--set", s)
	}
	o.proc = exec.Command(o.Program, args...)
	// Public marketplaces would be asked for their apps. A setting that another build lacks is only
	// accepted in the environment.
	o.proc.Env = append(os.Environ(), "ONE_AUTH="+o.auth(), "RENKEI_MARKETS_ONE=")
	o.proc.Stdout, o.proc.Stderr = o.log, o.log
	o.proc.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM} // it ends with this process
	begin := time.Now()
	if err := o.proc.Start(); err != nil {
		o.proc = nil
		return 0, err
	}
	err := o.answers(ctx)
	return time.Since(begin), err
}

// chooseAddress chooses a free port.
func (o *Own) chooseAddress() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	o.listen = l.Addr().String()
	return l.Close()
}

func (o *Own) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	c, err := o.Target().caller()
	if err != nil {
		return err
	}
	defer c.close()
	for {
		_, err := c.call("one.system.version")
		if err == nil {
			return nil
		}
		if pause.For(ctx, time.Millisecond) != nil {
			text, _ := os.ReadFile(o.log.Name())
			return fmt.Errorf("the server does not answer: %w; its log says: %s", err, text)
		}
	}
}

// Stop ends the server with SIGTERM.
func (o *Own) Stop() error {
	if o.proc == nil {
		return nil
	}
	err := errors.Join(o.proc.Process.Signal(syscall.SIGTERM), o.proc.Wait())
	o.proc = nil
	return err
}

// Remove stops the server and deletes its folder.
func (o *Own) Remove() error {
	err := o.Stop()
	if o.log != nil {
		err = errors.Join(err, o.log.Close())
	}
	return errors.Join(err, os.RemoveAll(o.dir))
}

// Memory is the server's resident memory, in bytes; 0 if unknown.
func (o *Own) Memory() int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", o.proc.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var kib int64
		if n, _ := fmt.Sscanf(line, "VmRSS: %d kB", &kib); n == 1 {
			return kib << 10
		}
	}
	return 0
}

// Stored is the size of the server's store.
func (o *Own) Stored() int64 {
	info, err := os.Stat(filepath.Join(o.dir, "data", "renkei.db"))
	if err != nil {
		return 0
	}
	return info.Size()
}
