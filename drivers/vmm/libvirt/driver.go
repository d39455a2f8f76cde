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

// Settings of the libvirt driver. The zero value is fit for use.
type Settings struct {
	// URI reaches other hosts, with {host} for the host's name; the host's
	// attribute LIBVIRT_URI wins over it. ssh is steered by its parameters, such
	// as keyfile, no_verify and command. defaultURI when "".
	URI string
	// LocalURI reaches this machine; defaultLocalURI when "".
	LocalURI string
	// MigrateURI is where hosts send the memory of a VM that moves to {host};
	// defaultMigrateURI when "".
	MigrateURI string
	// Type answers kvm or qemu for a host, for instance probe.Prober.Type.
	// Without it all hosts have KVM.
	Type func(ctx context.Context, h drivers.Host) string
	// TemplatesDir may hold a vmm_exec_kvm.conf of the administrator's own.
	TemplatesDir string
	// DatastoresDir is the folder on the hosts whose free space they report.
	DatastoresDir string
	PCI           []string // devices that VMs may be given: vendor:device:class
	// Run runs a command on a host, for instance remote.Runner.Command. Without
	// it other hosts report less, and keep the files of restored memory.
	Run func(ctx context.Context, h drivers.Host, argv ...string) ([]byte, error)

	Log zerolog.Logger
	Now func() time.Time // nil for time.Now
}

// Where hosts are, unless the settings say otherwise.
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
	locks    keylock.Locks // a second call waits for the end of a first whose caller has given up

	mu       sync.Mutex
	samples  map[sampleKey]sample // of the last Poll, for CPU percentages
	hostCPU  map[string]cpuTime   // of the last Monitor
	noShares map[string]bool      // hosts that take no CPU shares
}

var _ drivers.VMM = (*Driver)(nil)

// New makes a driver. It reads the defaults of domains; it reaches no host, and
// needs no libvirt: where that is missing, each call says so.
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

// ready opens the library, if that was not done yet, and says why there can be no
// connection at all.
func (d *Driver) ready() error {
	d.begin.Do(func() { d.events = startEvents() })
	if d.events == nil {
		return errClosed
	}
	return d.events.err
}

// lost ends the watches of the host whose connection broke.
func (d *Driver) lost(host string, err error) {
	d.settings.Log.Warn().Str("host", host).Err(err).Msg("connection to libvirt lost")
	d.feed.Fail(host, err)
}

// On answers the hypervisor of h.
func (d *Driver) On(h drivers.Host) drivers.Hypervisor {
	return &hypervisor{driver: d, host: h, uri: d.settings.uri(h)}
}

// Close waits for the calls that are under way, ends all connections and then
// libvirt's events.
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

// builder writes domains for this host.
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
