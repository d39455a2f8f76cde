package market

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// Settings are the configuration of market drivers.
type Settings struct {
	MADs map[string]MADConf // MARKET_MAD_CONF by name
}

// MADConf is the configuration of a market driver.
type MADConf struct {
	Required                []string // attributes that marketplaces must have
	Create, Delete, Monitor bool     // supported operations on apps
	Public                  bool     // public marketplaces can be deleted with their apps
}

// DefaultSettings are those of the default oned.conf and of additional drivers.
func DefaultSettings() Settings {
	return Settings{MADs: map[string]MADConf{
		"one":             {Monitor: true, Public: true},
		"http":            {Required: []string{"BASE_URL", "PUBLIC_DIR"}, Create: true, Delete: true, Monitor: true},
		"s3":              {Required: []string{"ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "REGION", "BUCKET"}, Create: true, Delete: true, Monitor: true},
		"linuxcontainers": {Monitor: true, Public: true},
		"file":            {Required: []string{"PUBLIC_DIR"}, Create: true, Delete: true, Monitor: true},
		"dummy":           {Create: true, Delete: true, Monitor: true},
	}}
}

// named returns the configuration of a driver, ignoring case. As in oned, a marketplace can be
// created with MARKET_MAD in a different case than its driver, but no apps can be created there.
func (s Settings) named(name string) (conf MADConf, ok bool) {
	for known, conf := range s.MADs {
		if strings.EqualFold(known, name) {
			return conf, true
		}
	}
	return conf, false
}

func (s Settings) mad(name string) MADConf {
	conf, _ := s.named(name)
	return conf
}

// IsPublic tells whether an app is in a public marketplace.
func (s Settings) IsPublic(r store.Reader, appID int) bool {
	a, ok := Apps.Table.Get(r, store.ID(appID))
	if !ok {
		return false
	}
	m, ok := Kind.Table.Get(r, store.ID(a.MarketID))
	return ok && s.mad(m.MAD).Public
}
