package libvirt

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/keylock"
	"github.com/renkei-vpe/renkei/drivers/vmm/feed"
	"github.com/renkei-vpe/renkei/drivers/vmm/libvirt/domxml"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/templates"
)

// Settings of the libvirt driver. The zero value is usable.
type Settings struct {
	// URI is the URI of other hosts, with {host} for the host's name; the host's attribute
	// LIBVIRT_URI has precedence. Its parameters, such as keyfile, no_verify and command,
	// control ssh. defaultURI if "".
	URI string
	// LocalURI is the URI of this machine; defaultLocalURI if "".
	LocalURI string
	// MigrateURI is where hosts send the memory of a VM that is migrated to {host};
	// defaultMigrateURI if "".
	MigrateURI string
	// Type answers kvm or qemu for a host, for instance probe.Prober.Type. Without it all hosts
	// use KVM.
	Type func(ctx context.Context, h drivers.Host) string
	// TemplatesDir may have the administrator's vmm_exec_kvm.conf.
	TemplatesDir string
	// DatastoresDir is the folder on hosts whose file system they report.
	DatastoresDir string
	PCI           []string // devices for passthrough: vendor:device:class
	// Run runs a command on a host, for instance remote.Runner.Command. Without it other hosts
	// report less, and files of restored memory are not deleted.
	Run func(ctx context.Context, h drivers.Host, argv ...string) ([]byte, error)

	Log zerolog.Logger
	Now func() time.Time // nil for time.Now
}

// Default URIs.
const (
	defaultURI        = "qemu+ssh://{host}/system?no_tty=1"
	defaultLocalURI   = "qemu:///system"
	defaultMigrateURI = "tcp://{host}"
)

// Driver is the libvirt driver. It is safe for concurrent use.
type Driver struct {
	settings Settings
	defaults attr.Template
	begin    sync.Once  // of events
	events   *eventLoop // nil before the first call that needs a host: the library is large
	pool     *pool
	feed     feed.Feed
	locks    keylock.Locks // one operation per VM at a time, even if the caller of the first has given up

	mu       sync.Mutex
	samples  map[sampleKey]sample // CPU times at the last Poll, for percentages
	hostCPU  map[string]cpuTime   // at the last Monitor
	noShares map[string]bool      // hosts without CPU shares
}

var _ drivers.VMM = (*Driver)(nil)

// New makes a driver. It reads the domains' defaults; it connects to no host, and does not need
// libvirt, whose absence each call would report.
func New(s Settings) (*Driver, error) {
	text, err := templates.Load(s.TemplatesDir, templates.KVM)
	if err != nil {
		return nil, err
	}
	defaults, err := attr.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", templates.KVM, err)
	}
	if s.Now == nil {
		s.Now = time.Now
	}
	d := &Driver{
		settings: s,
		defaults: defaults,
		samples:  make(map[sampleKey]sample),
		hostCPU:  make(map[string]cpuTime),
		noShares: make(map[string]bool),
	}
	d.pool = newPool(d.ready, d.lost)
	return d, nil
}

// ready loads the library, if that was not done yet, and answers why there can be no
// connections.
func (d *Driver) ready() error {
	d.begin.Do(func() { d.events = startEvents() })
	if d.events == nil {
		return errClosed
	}
	return d.events.err
}

// lost ends the watches of a host whose connection was lost.
func (d *Driver) lost(host string, err error) {
	d.settings.Log.Warn().Str("host", host).Err(err).Msg("connection to libvirt lost")
	d.feed.Fail(host, err)
}

// On answers the hypervisor of h.
func (d *Driver) On(h drivers.Host) drivers.Hypervisor {
	return &hypervisor{driver: d, host: h, uri: d.settings.uri(h)}
}

// Close waits for running calls, and closes all connections and libvirt's event loop.
func (d *Driver) Close() error {
	d.feed.Close()
	err := d.pool.close()
	d.begin.Do(func() {})
	if d.events != nil {
		d.events.stop()
	}
	return err
}

// hypervisor is one host.
type hypervisor struct {
	driver *Driver
	host   drivers.Host
	uri    string
}

// builder makes domain XML for this host.
func (h *hypervisor) builder(ctx context.Context) domxml.Builder {
	b := domxml.Builder{Type: domxml.KVM, Defaults: h.driver.defaults}
	if h.driver.settings.Type != nil {
		b.Type = h.driver.settings.Type(ctx, h.host)
	}
	h.driver.mu.Lock()
	defer h.driver.mu.Unlock()
	b.NoShares = h.driver.noShares[h.host.Name]
	return b
}
