package market

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// Settings say which drivers there are for marketplaces.
type Settings struct {
	MADs map[string]MADConf // by name (MARKET_MAD_CONF)
}

// MADConf is what a market driver needs and can do.
type MADConf struct {
	Required                []string // attributes that a marketplace must have
	Create, Delete, Monitor bool     // what can be done with apps
	Public                  bool     // somebody else's: it can be removed with its apps
}

// DefaultSettings have the drivers of oned's configuration, and those of ours.
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

// named answers what a driver is configured with: names are found in upper and lower case.
// A marketplace whose MARKET_MAD is written otherwise than its driver can be made, as in
// oned, and nothing can be brought there.
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

// IsPublic tells whether an app is offered by somebody else's marketplace.
func (s Settings) IsPublic(r store.Reader, appID int) bool {
	a, ok := Apps.Table.Get(r, store.ID(appID))
	if !ok {
		return false
	}
	m, ok := Kind.Table.Get(r, store.ID(a.MarketID))
	return ok && s.mad(m.MAD).Public
}
