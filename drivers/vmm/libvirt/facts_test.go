package libvirt

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	lv "libvirt.org/go/libvirt"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

func TestURIs(t *testing.T) {
	t.Parallel()
	var own attr.Template
	own.Set("LIBVIRT_URI", "qemu+tls://{host}/system")
	for _, tc := range []struct {
		settings Settings
		host     drivers.Host
		want     string
	}{
		{Settings{}, drivers.Host{Name: "h", Local: true}, "qemu:///system"},
		{Settings{LocalURI: "test:///default"}, drivers.Host{Name: "h", Local: true}, "test:///default"},
		{Settings{}, drivers.Host{Name: "h"}, "qemu+ssh://h/system?no_tty=1"},
		{Settings{URI: "qemu+ssh://root@{host}:222/system?keyfile=/k&command=/usr/bin/gsissh"}, drivers.Host{Name: "h"}, "qemu+ssh://root@h:222/system?keyfile=/k&command=/usr/bin/gsissh"},
		{Settings{URI: "x"}, drivers.Host{Name: "h", Attrs: own}, "qemu+tls://h/system"},
		{Settings{}, drivers.Host{Name: "fd00::1"}, "qemu+ssh://[fd00::1]/system?no_tty=1"},
		{Settings{}, drivers.Host{Name: "a/b?command=evil"}, "qemu+ssh://a%2Fb%3Fcommand=evil/system?no_tty=1"},
	} {
		if got := tc.settings.uri(tc.host); got != tc.want {
			t.Errorf("uri of %+v = %q, want %q", tc.host, got, tc.want)
		}
	}
}

func TestErrorsAreInPlainWords(t *testing.T) {
	t.Parallel()
	err := plain(lv.Error{Message: "libvirt.so.0: cannot open shared object file: No such file or directory"})
	if !errors.Is(err, errAbsent) {
		t.Errorf("without the library: %v, want %v", err, errAbsent)
	}
	err = fmt.Errorf("deploying: %w", plain(lv.Error{Code: lv.ERR_NO_DOMAIN, Message: "no such domain"}))
	if err.Error() != "deploying: no such domain" || !is(err, lv.ERR_NO_DOMAIN) || is(err, lv.ERR_OK) {
		t.Errorf("got %q, or its number is lost", err)
	}
	other := errors.New("other")
	if plain(other) != other || plain(nil) != nil {
		t.Error("an error that is not libvirt's was changed")
	}
}

func TestStates(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		state  lv.DomainState
		reason int
		want   drivers.DomainState
	}{
		{lv.DOMAIN_RUNNING, 0, drivers.DomainRunning},
		{lv.DOMAIN_BLOCKED, 0, drivers.DomainRunning},
		{lv.DOMAIN_SHUTDOWN, 0, drivers.DomainRunning},
		{lv.DOMAIN_PAUSED, int(lv.DOMAIN_PAUSED_USER), drivers.DomainPaused},
		{lv.DOMAIN_PAUSED, int(lv.DOMAIN_PAUSED_IOERROR), drivers.DomainPaused},
		{lv.DOMAIN_PAUSED, int(lv.DOMAIN_PAUSED_MIGRATION), drivers.DomainMigrating},
		{lv.DOMAIN_PAUSED, int(lv.DOMAIN_PAUSED_SAVE), drivers.DomainMigrating},
		{lv.DOMAIN_PMSUSPENDED, 0, drivers.DomainPaused},
		{lv.DOMAIN_SHUTOFF, int(lv.DOMAIN_SHUTOFF_SHUTDOWN), drivers.DomainOff},
		{lv.DOMAIN_SHUTOFF, int(lv.DOMAIN_SHUTOFF_CRASHED), drivers.DomainFailed},
		{lv.DOMAIN_CRASHED, 0, drivers.DomainFailed},
		{lv.DOMAIN_NOSTATE, 0, drivers.DomainUnknown},
	} {
		if got := stateOf(tc.state, tc.reason); got != tc.want {
			t.Errorf("stateOf(%v, %d) = %v, want %v", tc.state, tc.reason, got, tc.want)
		}
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		event  lv.DomainEventType
		detail int
		want   string
	}{
		{lv.DOMAIN_EVENT_STARTED, 0, "running"},
		{lv.DOMAIN_EVENT_RESUMED, 0, "running"},
		{lv.DOMAIN_EVENT_SUSPENDED, int(lv.DOMAIN_EVENT_SUSPENDED_IOERROR), "paused"},
		{lv.DOMAIN_EVENT_SUSPENDED, int(lv.DOMAIN_EVENT_SUSPENDED_MIGRATED), "migrating"},
		{lv.DOMAIN_EVENT_STOPPED, int(lv.DOMAIN_EVENT_STOPPED_SHUTDOWN), "off"},
		{lv.DOMAIN_EVENT_STOPPED, int(lv.DOMAIN_EVENT_STOPPED_CRASHED), "failed"},
		{lv.DOMAIN_EVENT_STOPPED, int(lv.DOMAIN_EVENT_STOPPED_MIGRATED), ""},
		{lv.DOMAIN_EVENT_CRASHED, 0, "failed"},
		{lv.DOMAIN_EVENT_DEFINED, 0, ""},
	} {
		got, ok := stateAfter(&lv.DomainEventLifecycle{Event: tc.event, Detail: tc.detail})
		if ok != (tc.want != "") || ok && got.String() != tc.want {
			t.Errorf("event %d, detail %d: %v, %v; want %q", tc.event, tc.detail, got, ok, tc.want)
		}
	}
}

func TestProcFiles(t *testing.T) {
	t.Parallel()
	r := drivers.HostReport{TotalMemoryKiB: 4810956, UsedMemoryKiB: 1}
	readProc(`MemTotal:       24689532 kB
MemFree:        22000000 kB
MemAvailable:   23689532 kB
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 900 1 0 0 0 0 0 0 900 1 0 0 0 0 0 0
  eth0: 100 2 0 0 0 0 0 0 30 1 0 0 0 0 0 0
  eth1:   7 2 0 0 0 0 0 0 5 1 0 0 0 0 0 0
  br0: 100 2 0 0 0 0 0 0 30 1 0 0 0 0 0 0
one-5-0: 50 2 0 0 0 0 0 0 30 1 0 0 0 0 0 0
model name	: AMD EPYC: 9000
flags		: fpu vme
`, &r)
	want := drivers.HostReport{
		TotalMemoryKiB: 24689532, UsedMemoryKiB: 1000000, ModelName: "AMD EPYC: 9000", NetRxBytes: 107, NetTxBytes: 35,
	}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	usage := readDF(" 1M-blocks  Used Avail\n    257876 16000 81000\n")
	if diff := cmp.Diff(drivers.Usage{TotalMiB: 257876, UsedMiB: 16000, FreeMiB: 81000}, usage); diff != "" {
		t.Errorf("df (-want +got):\n%s", diff)
	}
	if usage := readDF(""); usage != (drivers.Usage{}) {
		t.Errorf("df that says nothing = %+v", usage)
	}
}

// clocked is a hypervisor with a clock that the test sets.
func clocked(now *time.Time) *hypervisor {
	d := &Driver{samples: make(map[sampleKey]sample), hostCPU: make(map[string]cpuTime)}
	d.settings.Now = func() time.Time { return *now }
	return &hypervisor{driver: d, host: drivers.Host{Name: "h"}}
}

func TestCPUPercentIsTheLoadSinceTheLastPoll(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	h := clocked(&now)
	poll := func(cpu time.Duration) float64 {
		ds := []drivers.Domain{{DeployID: "one-1", CPUPercent: float64(cpu)}}
		h.percentages(ds)
		now = now.Add(10 * time.Second)
		return ds[0].CPUPercent
	}
	got := []float64{poll(100 * time.Second), poll(115 * time.Second), poll(115 * time.Second), poll(time.Second)}
	if diff := cmp.Diff([]float64{0, 150, 0, 0}, got); diff != "" {
		t.Errorf("percentages (-want +got):\n%s", diff)
	}
	h.percentages(nil)
	if len(h.driver.samples) != 0 {
		t.Errorf("%d samples are kept of domains that are gone", len(h.driver.samples))
	}
}

func TestHostLoad(t *testing.T) {
	t.Parallel()
	h := clocked(nil)
	got := []int{
		h.load(cpuTime{busy: 25, total: 100}, 400),  // since it started
		h.load(cpuTime{busy: 100, total: 200}, 400), // since the last
		h.load(cpuTime{busy: 1, total: 10}, 400),    // started anew
		h.load(cpuTime{}, 400),                      // it does not say
	}
	if diff := cmp.Diff([]int{100, 300, 40, 0}, got); diff != "" {
		t.Errorf("load (-want +got):\n%s", diff)
	}
}
