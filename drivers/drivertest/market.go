package drivertest

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
)

// Market is a marketplace driver under test, with what the tests need.
type Market struct {
	Driver drivers.AppStore
	Market drivers.Market
	// Fetch reads the file of a source, and answers false if there is none; nil if the driver
	// stores nothing.
	Fetch func(t *testing.T, source string) ([]byte, bool)
	// Leftovers counts the files in the marketplace; nil if the driver stores nothing.
	Leftovers func(t *testing.T) int
}

// RunMarket checks a driver against the contract of drivers.AppStore. setup is called for each
// test and answers a driver with an empty marketplace.
func RunMarket(t *testing.T, setup func(t *testing.T) Market) {
	for name, test := range map[string]func(*testing.T, Market){
		"import":    marketImport,
		"delete":    marketDelete,
		"cut short": marketCutShort,
		"cancelled": marketCancelled,
		"look":      marketLook,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, setup(t))
		})
	}
}

// marketContent is sparse, as images are.
var marketContent = append(append([]byte("begin"), make([]byte, 256<<10)...), "end"...)

func marketApp(id int) drivers.AppSpec {
	return drivers.AppSpec{ID: id, Made: 1700000000, Format: "qcow2", SizeMiB: 7}
}

func (m Market) imported(t *testing.T, id int) drivers.MarketFile {
	t.Helper()
	f, err := m.Driver.Import(t.Context(), m.Market, marketApp(id), bytes.NewReader(marketContent))
	if err != nil {
		t.Fatalf("Import of app %d: %v", id, err)
	}
	sum := md5.Sum(marketContent)
	if f.Source == "" || f.MD5 != hex.EncodeToString(sum[:]) || f.Format != "qcow2" || f.SizeMiB != 7 {
		t.Errorf("Import of app %d answered %+v", id, f)
	}
	return f
}

func (m Market) holds(t *testing.T, source string, want bool) {
	t.Helper()
	if m.Fetch == nil {
		return
	}
	got, there := m.Fetch(t, source)
	if there != want || there && !bytes.Equal(got, marketContent) {
		t.Errorf("%s: there = %v with %d bytes, want %v", source, there, len(got), want)
	}
}

func marketImport(t *testing.T, m Market) {
	first := m.imported(t, 3)
	m.holds(t, first.Source, true)
	if diff := cmp.Diff(first, m.imported(t, 3)); diff != "" {
		t.Errorf("Import, repeated (-first +second):\n%s", diff)
	}
	if other := m.imported(t, 4); other.Source == first.Source {
		t.Errorf("two apps are both at %s", other.Source)
	}
}

func marketDelete(t *testing.T, m Market) {
	f, other := m.imported(t, 3), m.imported(t, 4)
	for _, round := range []string{"", ", repeated"} {
		if err := m.Driver.Delete(t.Context(), m.Market, marketApp(3), f.Source); err != nil {
			t.Errorf("Delete%s: %v", round, err)
		}
	}
	m.holds(t, f.Source, false)
	m.holds(t, other.Source, true)
	if err := m.Driver.Delete(t.Context(), m.Market, marketApp(4), ""); err != nil {
		t.Errorf("Delete by ID: %v", err)
	}
	m.holds(t, other.Source, false)
}

func marketCutShort(t *testing.T, m Market) {
	content := io.MultiReader(bytes.NewReader(marketContent), iotest.ErrReader(errCallOff))
	f, err := m.Driver.Import(t.Context(), m.Market, marketApp(3), content)
	if !errors.Is(err, errCallOff) {
		t.Errorf("Import of what cannot be read: %+v, %v", f, err)
	}
	if m.Leftovers != nil && m.Leftovers(t) > 0 {
		t.Errorf("%d files are left of it", m.Leftovers(t))
	}
	m.holds(t, m.imported(t, 3).Source, true)
}

func marketCancelled(t *testing.T, m Market) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errCallOff)
	f, err := m.Driver.Import(ctx, m.Market, marketApp(3), bytes.NewReader(marketContent))
	if !errors.Is(err, context.Canceled) && !errors.Is(err, errCallOff) {
		t.Errorf("Import, called off: %+v, %v", f, err)
	}
	m.imported(t, 3)
}

func marketLook(t *testing.T, m Market) {
	r, err := m.Driver.Look(t.Context(), m.Market)
	if err != nil || r.Usage.TotalMiB <= 0 || r.Usage.FreeMiB < 0 || r.Usage.UsedMiB < 0 {
		t.Errorf("Look = %+v, %v", r, err)
	}
}
