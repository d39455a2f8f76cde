package probe

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/drivers"
)

// Domain types of libvirt.
const (
	KVM  = "kvm"
	QEMU = "qemu"
)

// Settings of a Prober. The zero value is usable.
type Settings struct {
	// Type is auto, kvm or qemu. Only auto, or "", probes.
	Type string
	// CacheDir stores the results, in files kvm-probe.HOST with kvm or qemu. They may be
	// written by hand; without one the host is probed. If it is "", each Prober probes.
	CacheDir string
	// Kernel is the path of the kernel to boot on the host. The default is the newest
	// /boot/vmlinuz-*.
	Kernel string
	// Timeout is how long the kernel may take: defaultTimeout if 0.
	Timeout time.Duration
	// Run runs a command on a host, for instance remote.Runner.Command. Without it only this
	// machine can be probed.
	Run func(ctx context.Context, h drivers.Host, argv ...string) ([]byte, error)

	Log zerolog.Logger
}

// emulator is QEMU's program on hosts.
const emulator = "qemu-system-x86_64"

// defaultTimeout is several times as long as the boot takes when emulated.
const defaultTimeout = 15 * time.Second

// Prober answers the domain type for hosts. It is safe for concurrent use.
type Prober struct {
	settings Settings

	mu    sync.Mutex
	known map[string]*result
}

// result is the answer for one host; its mutex is held while probing.
type result struct {
	mu   sync.Mutex
	kind string
}

// New makes a Prober.
func New(s Settings) (*Prober, error) {
	switch s.Type {
	case "", "auto", KVM, QEMU:
	default:
		return nil, fmt.Errorf("the hypervisor type %q is not one of auto, kvm, qemu", s.Type)
	}
	if s.Timeout == 0 {
		s.Timeout = defaultTimeout
	}
	return &Prober{settings: s, known: make(map[string]*result)}, nil
}

// Type answers KVM or QEMU for h. The first call for a host may take as long as the time-out;
// if ctx ends first, the answer is QEMU, which always works, and is not cached.
func (p *Prober) Type(ctx context.Context, h drivers.Host) string {
	if p.settings.Type == KVM || p.settings.Type == QEMU {
		return p.settings.Type
	}
	r := p.of(h.Name)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kind == "" {
		r.kind = p.cached(h.Name)
	}
	if r.kind == "" {
		r.kind = p.probe(ctx, h)
	}
	if r.kind == "" {
		return QEMU
	}
	return r.kind
}

func (p *Prober) of(host string) *result {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known[host] == nil {
		p.known[host] = &result{}
	}
	return p.known[host]
}

// probe answers "" if it was cancelled.
func (p *Prober) probe(ctx context.Context, h drivers.Host) string {
	start := time.Now()
	err := p.boots(ctx, h)
	if ctx.Err() != nil {
		return ""
	}
	log := p.settings.Log.Info().Str("host", h.Name).Dur("dur", time.Since(start))
	kind := KVM
	if err != nil {
		kind, log = QEMU, log.AnErr("reason", err)
	}
	log.Str("type", kind).Msg("probed KVM: VMs of this host run on this type")
	p.remember(h.Name, kind)
	return kind
}

// Why a host's KVM is unusable.
var (
	errNoDevice = errors.New("there is no /dev/kvm that this user can open")
	errNoKernel = errors.New("there is no /boot/vmlinuz-* to boot; set one for the probe")
	errTooSlow  = errors.New("a kernel that was booted with KVM did not come to its end in time")
)

// boots boots a kernel without root file system: it panics when it has booted so far, which
// ends the VM.
func (p *Prober) boots(ctx context.Context, h drivers.Host) error {
	if _, err := p.run(ctx, h, "test", "-r", "/dev/kvm", "-a", "-w", "/dev/kvm"); err != nil {
		return errNoDevice
	}
	kernel, err := p.kernel(ctx, h)
	if err != nil {
		return err
	}
	limit := fmt.Sprintf("%.0f", max(1, p.settings.Timeout.Seconds()))
	out, err := p.run(ctx, h, "timeout", "-k", "1", limit, emulator,
		"-accel", "kvm", "-m", "256", "-nographic", "-no-reboot", "-nodefaults", "-serial", "stdio",
		"-kernel", kernel, "-append", "console=ttyS0 panic=-1 quiet loglevel=7")
	if strings.Contains(string(out), "Unable to mount root fs") {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errTooSlow, err)
	}
	return errTooSlow
}

// kernel finds the kernel to boot.
func (p *Prober) kernel(ctx context.Context, h drivers.Host) (string, error) {
	if p.settings.Kernel != "" {
		return p.settings.Kernel, nil
	}
	out, err := p.run(ctx, h, "find", "/boot", "-maxdepth", "1", "-name", "vmlinuz-*", "-readable")
	if err != nil {
		return "", fmt.Errorf("%w: %w", errNoKernel, err)
	}
	newest := ""
	for name := range strings.FieldsSeq(string(out)) {
		newest = max(newest, name)
	}
	if newest == "" {
		return "", errNoKernel
	}
	return newest, nil
}

func (p *Prober) run(ctx context.Context, h drivers.Host, argv ...string) ([]byte, error) {
	switch {
	case p.settings.Run != nil:
		return p.settings.Run(ctx, h, argv...)
	case h.Local:
		return exec.CommandContext(ctx, argv[0], argv[1:]...).Output()
	}
	return nil, errors.New("there is no way to run commands on other hosts")
}

func (p *Prober) file(host string) string {
	name := strings.Map(func(r rune) rune {
		if r == '/' || r == filepath.Separator {
			return '_'
		}
		return r
	}, host)
	return filepath.Join(p.settings.CacheDir, "kvm-probe."+name)
}

// cached answers the content of the file, or "".
func (p *Prober) cached(host string) string {
	if p.settings.CacheDir == "" {
		return ""
	}
	text, err := os.ReadFile(p.file(host))
	kind := strings.TrimSpace(string(text))
	if err != nil || (kind != KVM && kind != QEMU) {
		return "" // has to be probed
	}
	return kind
}

func (p *Prober) remember(host, kind string) {
	if p.settings.CacheDir == "" {
		return
	}
	err := os.MkdirAll(p.settings.CacheDir, 0o750)
	if err == nil {
		err = os.WriteFile(p.file(host), []byte(kind+"\n"), 0o600)
	}
	if err != nil {
		p.settings.Log.Warn().Str("host", host).Err(err).Msg("the result of the KVM probe is not kept")
	}
}
