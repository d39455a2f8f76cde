package monitor_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/monitor"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/schema"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// site is a driver for many hosts of which one answers.
type site struct {
	answers   int // ID of the host that answers
	monitored atomic.Int32
	polled    atomic.Int32 // number of requests to the other hosts
}

func (s *site) On(h drivers.Host) drivers.Hypervisor { return &seat{site: s, id: h.ID} }
func (s *site) Close() error                         { return nil }

type seat struct {
	drivers.Hypervisor // methods that monitoring does not call
	site               *site
	id                 int
}

func (s *seat) Monitor(ctx context.Context) (drivers.HostReport, error) {
	if s.id == s.site.answers {
		s.site.monitored.Add(1)
		return drivers.HostReport{TotalCPU: 100}, nil
	}
	<-ctx.Done()
	return drivers.HostReport{}, ctx.Err()
}

func (s *seat) Poll(context.Context) ([]drivers.Domain, error) {
	if s.id != s.site.answers {
		s.site.polled.Add(1)
	}
	return nil, nil
}

// TestSilentHostsDoNotDelayOthers: more hosts fail to answer than may be asked at the same
// time; the one that answers is monitored as often as before.
func TestSilentHostsDoNotDelayOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const silent = 300
		st, err := store.Open(store.Options{Log: memlog.New(), Tables: schema.Tables()})
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		err = st.Update(t.Context(), func(tx *store.Tx) error {
			for id := range silent + 1 {
				host.Kind.Put(tx, &host.Host{Meta: object.Meta{ID: id}, VMMad: "site"})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		s := &site{answers: silent}
		m := &monitor.Monitor{
			Store: st, Rings: monitor.NewRings(1), Log: zerolog.Nop(),
			Drivers: monitor.Drivers{VMM: map[string]drivers.VMM{"site": s}, IsLocal: func(string) bool { return false }},
			Every:   monitor.Intervals{Host: 30 * time.Second, VM: 10 * time.Second, Datastore: time.Hour},
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { m.Run(ctx); close(done) }()
		time.Sleep(10 * time.Minute)
		stop()
		<-done
		if n := s.monitored.Load(); n < 18 {
			t.Errorf("in ten minutes the host that answers was seen %d times, want about 20", n)
		}
		if n := s.polled.Load(); n != 0 {
			t.Errorf("hosts that do not answer were asked for their VMs %d times", n)
		}
		seen := map[one.HostState]int{}
		for row := range host.Kind.Table.All(st.Read()) {
			seen[row.Val.State]++
		}
		if seen[one.HostError] != silent || seen[one.HostMonitored] != 1 {
			t.Errorf("hosts by state: %v", seen)
		}
	})
}
