package drivers

import (
	"context"
	"io"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// Market describes a marketplace to drivers.
type Market struct {
	ID    int
	Attrs attr.Template
}

// AppSpec describes an app to import.
type AppSpec struct {
	ID      int
	Made    int64  // when it was made, in seconds since 1970
	Format  string // of the bytes that are brought: raw or qcow2
	SizeMiB int64  // virtual size
}

// MarketFile is the file of an app in a marketplace.
type MarketFile struct {
	Source  string // where datastores download it from: a URL or a path
	MD5     string // of the file at Source
	Format  string
	SizeMiB int64 // virtual size
}

// MarketReport is the state of a marketplace.
type MarketReport struct {
	Usage Usage
	// Apps are the apps that the marketplace offers, as templates; nil if it only has those
	// that were imported.
	Apps []attr.Template
}

// Marketplace offers apps.
type Marketplace interface {
	// Look answers the size and free space of the marketplace, and its apps.
	Look(ctx context.Context, m Market) (MarketReport, error)
}

// AppStore is implemented by marketplaces to which apps can be imported. It stores their
// files.
type AppStore interface {
	Marketplace
	// Import stores content as an app. A second call for the same app.ID starts over and gives
	// the same Source.
	Import(ctx context.Context, m Market, app AppSpec, content io.Reader) (MarketFile, error)
	// Delete deletes the file of an app; source is "" if its Import did not end. It succeeds if
	// there is no file.
	Delete(ctx context.Context, m Market, app AppSpec, source string) error
}

// AppOpener is implemented by marketplaces whose sources datastores cannot read by themselves:
// that takes credentials that only the marketplace has.
type AppOpener interface {
	// Open opens the contents of a source. Reading ends with ctx. The caller closes it.
	Open(ctx context.Context, m Market, source string) (Content, error)
}

// Content is a file that is being read.
type Content struct {
	io.ReadCloser
	Bytes int64 // its size; -1 if it is not known
}

// ImageExporter is implemented by image stores whose images can be exported to marketplaces.
type ImageExporter interface {
	// Export opens the file of an image and answers its format and virtual size. Reading ends
	// with ctx. The caller closes it.
	Export(ctx context.Context, ds Datastore, from Stored) (io.ReadCloser, Stored, error)
}
