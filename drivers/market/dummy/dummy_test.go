package dummy

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/drivertest"
	"github.com/renkei-vpe/renkei/drivers/dummyaction"
)

func TestContract(t *testing.T) {
	t.Parallel()
	drivertest.RunMarket(t, func(*testing.T) drivertest.Market {
		return drivertest.Market{Driver: &Store{}, Market: drivers.Market{ID: 100}}
	})
}

func TestActionsCanFail(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := &Store{Actions: dummyaction.Actions{Dir: dir}}
	m := drivers.Market{}
	for action, call := range map[string]func() error{
		"import":  func() error { _, err := s.Import(t.Context(), m, drivers.AppSpec{}, strings.NewReader("")); return err },
		"delete":  func() error { return s.Delete(t.Context(), m, drivers.AppSpec{}, "") },
		"monitor": func() error { _, err := s.Look(t.Context(), m); return err },
	} {
		if err := call(); err != nil {
			t.Errorf("%s, not told anything: %v", action, err)
		}
		if err := os.WriteFile(filepath.Join(dir, "market_"+action), []byte("failure"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := call(); !errors.Is(err, dummyaction.ErrTold) {
			t.Errorf("%s, told to fail: %v", action, err)
		}
	}
}
