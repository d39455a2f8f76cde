package drivers

import (
	"context"
	"io"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// Market is what drivers are told of a marketplace.
type Market struct {
	ID    int
	Attrs attr.Template
}

// AppSpec is an app of a marketplace.
type AppSpec struct {
	ID      int
	Made    int64  // when it was made, in seconds since 1970
	Format  string // of the bytes that are brought: raw or qcow2
	SizeMiB int64  // virtual size
}

// MarketFile is what a marketplace holds of an app.
type MarketFile struct {
	Source  string // where datastores fetch it: a URL or a path
	MD5     string // of the bytes that Source gives
	Format  string
	SizeMiB int64 // virtual size
}

// MarketReport is what is seen of a marketplace.
type MarketReport struct {
	Usage Usage
	// Apps are the apps that the marketplace lists by itself, as templates;
	// nil where it does not list any and apps are only what was brought to it.
	Apps []attr.Template
}

// Marketplace offers apps.
type Marketplace interface {
	// Look tells how full the marketplace is, and what it offers.
	Look(ctx context.Context, m Market) (MarketReport, error)
}

// AppStore is implemented by marketplaces to which apps can be brought. It keeps
// their files.
type AppStore interface {
	Marketplace
	// Import stores what content gives as an app. A second call for the same
	// app.ID gives the same Source and does all of it again.
	Import(ctx context.Context, m Market, app AppSpec, content io.Reader) (MarketFile, error)
	// Delete deletes the file of an app; source is "" for one whose Import did
	// not end. Nothing there: goal met.
	Delete(ctx context.Context, m Market, app AppSpec, source string) error
}

// AppOpener is implemented by marketplaces whose sources no datastore can read by
// itself: reading them needs what only the marketplace knows.
type AppOpener interface {
	// Open opens the bytes that a source gives. Reading ends with ctx.
	Open(ctx context.Context, m Market, source string) (Content, error)
}

// Content is bytes from elsewhere. Whoever gets it closes it.
type Content struct {
	io.ReadCloser
	Bytes int64 // how many there are; -1 when that is not known
}

// ImageExporter is implemented by image stores whose images can be read, to be
// brought elsewhere.
type ImageExporter interface {
	// Export opens the bytes of an image and tells their format and the virtual
	// size. Reading ends with ctx. The caller closes it.
	Export(ctx context.Context, ds Datastore, from Stored) (io.ReadCloser, Stored, error)
}
