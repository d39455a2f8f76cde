// Package linuxcontainers lists the containers of an image server such as
// images.linuxcontainers.org: one document in JSON (simplestreams) with a root file
// system for each distribution, version and architecture.
//
// What it lists is listed as OpenNebula's market driver of that name does, but no
// image can be made of it here. A root file system is no disk: OpenNebula makes one
// on the front end, as root, with a loop device and a chroot into what it
// downloaded, for containers (LXC), which Renkei does not run.
package linuxcontainers

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/webget"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// Lister is the market driver.
type Lister struct {
	// Endpoint is the URL of marketplaces that do not name theirs (ENDPOINT).
	// While it is "" nobody asks for their apps.
	Endpoint string
	Web      webget.Getter
}

var (
	_ drivers.Marketplace = Lister{}
	_ drivers.AppOpener   = Lister{}
)

// index is where the list is, below the URL of the server.
const index = "streams/v1/images.json"

// Look implements drivers.Marketplace.
func (l Lister) Look(ctx context.Context, m drivers.Market) (drivers.MarketReport, error) {
	base := cmp.Or(m.Attrs.Get("ENDPOINT"), l.Endpoint)
	if base == "" {
		return drivers.MarketReport{}, nil
	}
	body, at, err := l.Web.Get(ctx, strings.TrimRight(base, "/")+"/"+index)
	if err != nil {
		return drivers.MarketReport{}, err
	}
	// Where the server has moved, the files have moved, too.
	c := containers{wishes: wishesOf(m.Attrs), base: strings.TrimSuffix(at.String(), index)}
	apps, err := c.read(body)
	if err != nil {
		return drivers.MarketReport{}, fmt.Errorf("GET %s: the answer is no list of images: %w", at, err)
	}
	return drivers.MarketReport{Apps: apps}, nil
}

// Open implements drivers.AppOpener: it says why there is nothing to open.
func (Lister) Open(context.Context, drivers.Market, string) (drivers.Content, error) {
	return drivers.Content{}, errors.New("this is the root file system of a container, and no disk: " +
		"making one takes a chroot as root on the front end, and containers (LXC) do not run here")
}

// containers makes apps of what a server lists.
type containers struct {
	wishes
	base string // URL of the server
}

func (c containers) read(body []byte) ([]attr.Template, error) {
	var list struct {
		Products map[string]product `json:"products"`
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, err
	}
	if list.Products == nil {
		return nil, fmt.Errorf("it has no %q", "products")
	}
	var apps []attr.Template
	for name, p := range list.Products {
		if t, wanted := c.app(name, p); wanted {
			apps = append(apps, t)
		}
	}
	slices.SortFunc(apps, func(a, b attr.Template) int { return cmp.Compare(a.Get("NAME"), b.Get("NAME")) })
	return apps, nil
}
