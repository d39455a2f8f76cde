package marketrun

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/drivers"
	dummyds "github.com/renkei-vpe/renkei/drivers/datastore/dummy"
	"github.com/renkei-vpe/renkei/drivers/dummyaction"
	dummymarket "github.com/renkei-vpe/renkei/drivers/market/dummy"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

var oneadmin = &one.Caller{UName: "oneadmin", GName: "oneadmin", Groups: []int{0}}

// lab has a store with an image (7) and a marketplace (100), and dummy drivers.
type lab struct {
	*Runner
	actionsDir string // files in it make actions of the dummy drivers fail
}

func newLab(t *testing.T) lab {
	t.Helper()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{
		market.Kind.Table, market.Apps.Table, image.Kind.Table, datastore.Kind.Table, effect.Table,
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	actions := dummyaction.Actions{Dir: t.TempDir()}
	l := lab{&Runner{
		Store: st, Markets: map[string]drivers.Marketplace{"dummy": &dummymarket.Store{Actions: actions}},
		Images: map[string]drivers.ImageStore{"dummy": &dummyds.Store{Actions: actions}}, Log: zerolog.Nop(),
	}, actions.Dir}
	l.do(t, func(tx *store.Tx) error {
		datastore.Kind.Put(tx, &datastore.Datastore{Meta: object.Meta{ID: 1}, DSMad: "dummy"})
		image.Kind.Put(tx, &image.Image{Meta: object.Meta{ID: 7}, State: one.ImageReady, DatastoreID: 1, SizeMB: 3, CloningID: -1, Format: "raw"})
		_, err := market.Allocate(tx, market.DefaultSettings(), oneadmin, parse("NAME=m\nMARKET_MAD=dummy"))
		return err
	})
	return l
}

func parse(text string) attr.Template {
	t, err := attr.Parse(text)
	if err != nil {
		panic(err)
	}
	return t
}

func (l lab) do(t *testing.T, rule func(tx *store.Tx) error) {
	t.Helper()
	if err := l.Store.Update(t.Context(), rule); err != nil {
		t.Fatal(err)
	}
}

// work runs the queued effects of app 0, as the engine does, and returns the error of each.
func (l lab) work(t *testing.T) (errs []error) {
	t.Helper()
	for _, e := range effect.Of(l.Store.Read(), one.KindMarketPlaceApp, 0) {
		out, err := l.Run(t.Context(), e, func(engine.Progress) {})
		errs = append(errs, err)
		l.do(t, func(tx *store.Tx) error {
			effect.Done(tx, e.ID)
			return l.Settle(tx, e, out, err)
		})
	}
	return errs
}

func (l lab) export(t *testing.T) {
	t.Helper()
	l.do(t, func(tx *store.Tx) error {
		_, refused, err := market.AllocateApp(tx, market.DefaultSettings(), oneadmin, parse("NAME=a\nORIGIN_ID=7"), 100)
		return errors.Join(refused, err)
	})
}

func (l lab) app() *market.App {
	a, _ := market.Apps.Table.Get(l.Store.Read(), store.ID(0))
	return a
}

func TestImportAndDelete(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.export(t)
	l.work(t)
	if a := l.app(); a.State != one.AppReady || a.Source != "dummy://market/100/app/0" || len(a.MD5) != 32 || a.SizeMB != 3 || a.Format != "raw" {
		t.Errorf("it is %+v", a)
	}
	l.do(t, func(tx *store.Tx) error { return market.DeleteApp(tx, market.DefaultSettings(), 0) })
	l.work(t)
	if a := l.app(); a != nil {
		t.Errorf("it is still there: %+v", a)
	}
}

func TestImportFailureSetsError(t *testing.T) {
	t.Parallel()
	for _, action := range []string{"ds_export", "market_import"} {
		l := newLab(t)
		if err := os.WriteFile(filepath.Join(l.actionsDir, action), []byte("failure"), 0o600); err != nil {
			t.Fatal(err)
		}
		l.export(t)
		l.work(t)
		a := l.app()
		if why := a.Template.Get("ERROR"); a.State != one.AppError || !strings.Contains(why, " : Error importing app into marketplace: ") || !strings.Contains(why, action) {
			t.Errorf("%s: it is %v, ERROR %q", action, a.State, why)
		}
		if img, _ := image.Kind.Get(l.Store.Read(), 7); img.State != one.ImageReady {
			t.Errorf("%s: the image stays %v", action, img.State)
		}
	}
}

// The settings can have a MARKET_MAD for which the Runner has no driver.
func TestMissingDriver(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.do(t, func(tx *store.Tx) error {
		m, err := market.Kind.Edit(tx, 100)
		m.MAD = "s3"
		market.Kind.Put(tx, m)
		return err
	})
	l.export(t)
	if errs := l.work(t); len(errs) != 1 || errs[0] == nil || errs[0].Error() != "Marketplace driver 's3' not available" {
		t.Errorf("got %v", errs)
	}
}

// A marketplace is monitored as soon as it is enabled.
func TestEnabledMarketplaceIsMonitored(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	set := market.DefaultSettings()
	l.do(t, func(tx *store.Tx) error { return market.Enable(tx, set, 100, false) })
	seen := make(chan int64, 8)
	defer l.Store.Watch(func(c store.Commit) {
		for _, change := range c.Changes {
			if m, ok := change.New.(*market.Market); ok && m.TotalMB > 0 {
				seen <- m.TotalMB
			}
		}
	})()
	w := &Watcher{Store: l.Store, Markets: l.Markets, Settings: set, Every: time.Hour, Log: zerolog.Nop()}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); w.Run(ctx) }()
	defer func() { stop(); <-done }()
	// If the Watcher is not listening yet, its first monitoring finds the marketplace enabled.
	l.do(t, func(tx *store.Tx) error { return market.Enable(tx, set, 100, true) })
	if got := <-seen; got != 20480 {
		t.Errorf("it is %d MiB large", got)
	}
}
