// Package linuxcontainers is the market driver "linuxcontainers". It lists the containers of an
// image server such as images.linuxcontainers.org: one JSON document (simplestreams) with a root
// file system for each distribution, version and architecture.
//
// The apps have the same attributes as with OpenNebula's driver, but no images can be created from
// them. OpenNebula converts a root file system to a disk on the front end, as root, with a loop
// device and a chroot into the downloaded files. Such disks are only of use for LXC, which Renkei
// does not support.
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
	// Endpoint is the URL of marketplaces without the attribute ENDPOINT. If it is empty, too,
	// nothing is requested and they list no apps.
	Endpoint string
	Web      webget.Getter
}

var (
	_ drivers.Marketplace = Lister{}
	_ drivers.AppOpener   = Lister{}
)

// index is the path of the list of images on the server.
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
	// If the request was redirected, the URLs of the files are below the new URL.
	c := containers{options: optionsOf(m.Attrs), base: strings.TrimSuffix(at.String(), index)}
	apps, err := c.read(body)
	if err != nil {
		return drivers.MarketReport{}, fmt.Errorf("GET %s: the answer is no list of images: %w", at, err)
	}
	return drivers.MarketReport{Apps: apps}, nil
}

// Open implements drivers.AppOpener. It always returns an error that explains why.
func (Lister) Open(context.Context, drivers.Market, string) (drivers.Content, error) {
	return drivers.Content{}, errors.New("this is the root file system of a container, and no disk: " +
		"making one takes a chroot as root on the front end, and containers (LXC) do not run here")
}

// containers converts the list of an image server to apps.
type containers struct {
	options
	base string // URL of the server, with a slash at the end
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
