// Package dummy is the market driver "dummy" for tests. It reads the apps that it imports, but does
// not store them.
package dummy

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/dummyaction"
)

// The monitored capacity of all marketplaces.
const (
	totalMiB = 20480
	usedMiB  = 9720
	freeMiB  = totalMiB - usedMiB
)

// Store is the market driver. Its actions are those of OpenNebula's market drivers with the prefix
// market_: market_import, market_delete, market_monitor.
type Store struct {
	dummyaction.Actions
}

var _ drivers.AppStore = (*Store)(nil)

// Import implements drivers.AppStore. It reads content, and returns its MD5 and a SOURCE that does
// not exist.
func (s *Store) Import(ctx context.Context, m drivers.Market, app drivers.AppSpec, content io.Reader) (drivers.MarketFile, error) {
	if err := s.Play(ctx, "market_import"); err != nil {
		return drivers.MarketFile{}, err
	}
	sum := md5.New()
	if _, err := io.Copy(sum, content); err != nil {
		return drivers.MarketFile{}, fmt.Errorf("reading app %d: %w", app.ID, err)
	}
	return drivers.MarketFile{
		Source: fmt.Sprintf("dummy://market/%d/app/%d", m.ID, app.ID), MD5: hex.EncodeToString(sum.Sum(nil)),
		Format: app.Format, SizeMiB: app.SizeMiB,
	}, nil
}

// Delete implements drivers.AppStore.
func (s *Store) Delete(ctx context.Context, _ drivers.Market, _ drivers.AppSpec, _ string) error {
	return s.Play(ctx, "market_delete")
}

// Look implements drivers.Marketplace. It always returns the same capacity.
func (s *Store) Look(ctx context.Context, _ drivers.Market) (drivers.MarketReport, error) {
	return drivers.MarketReport{Usage: drivers.Usage{TotalMiB: totalMiB, UsedMiB: usedMiB, FreeMiB: freeMiB}}, s.Play(ctx, "market_monitor")
}
