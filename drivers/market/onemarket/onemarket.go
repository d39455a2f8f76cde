// Package onemarket is the market driver "one". It lists the appliances of OpenNebula's public
// marketplace and of others with the same API: one JSON document with all appliances, whose files
// datastores download over HTTP. The apps have the same attributes as with OpenNebula's driver,
// because clients create images and VM templates from them.
package onemarket

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/webget"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// Lister is the market driver.
type Lister struct {
	// Endpoint is the URL of marketplaces without the attribute ENDPOINT. If it is empty, too,
	// nothing is requested and they list no apps.
	Endpoint string
	Web      webget.Getter
}

var _ drivers.Marketplace = Lister{}

// Look implements drivers.Marketplace.
func (l Lister) Look(ctx context.Context, m drivers.Market) (drivers.MarketReport, error) {
	base := cmp.Or(m.Attrs.Get("ENDPOINT"), l.Endpoint)
	if base == "" {
		return drivers.MarketReport{}, nil
	}
	base = strings.TrimRight(base, "/") + "/"
	body, _, err := l.Web.Get(ctx, base+"appliance")
	if err != nil {
		return drivers.MarketReport{}, err
	}
	apps, err := read(body, base)
	if err != nil {
		return drivers.MarketReport{}, fmt.Errorf("GET %sappliance: the answer is no list of appliances: %w", base, err)
	}
	return drivers.MarketReport{Apps: apps}, nil
}

// read returns the apps of a marketplace at base whose list of appliances is body.
func read(body []byte, base string) ([]attr.Template, error) {
	var list struct {
		Appliances *[]appliance `json:"appliances"`
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, err
	}
	if list.Appliances == nil {
		return nil, fmt.Errorf("it has no %q", "appliances")
	}
	var apps []attr.Template
	for _, a := range *list.Appliances {
		if t, known := a.app(base); known {
			apps = append(apps, t)
		}
	}
	return apps, nil
}
