package drivers

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// Datastore describes a datastore to drivers.
type Datastore struct {
	ID    int
	Attrs attr.Template
	Path  string // BASE_PATH: <datastores>/<ID>
}

// Disk is one disk of a VM: Attrs is its DISK vector.
type Disk struct {
	ID     int
	Attrs  attr.Attr
	Source string // path of the image it comes from, "" for a volatile disk
	Path   string // where it belongs on the host: <VM.Dir>/disk.<ID>
}

// Transfer creates the disks of VMs on a host and removes them. Paths are on the host. If a
// target is complete already, the goal is met; an incomplete one is created again.
type Transfer interface {
	// Clone creates d as a copy of its image (copy-on-write if possible).
	Clone(ctx context.Context, h Host, d Disk) error
	// Link makes d refer to the image itself, for a persistent disk.
	Link(ctx context.Context, h Host, d Disk) error
	// Create creates an empty volatile disk: TYPE fs or swap, FORMAT, SIZE in MiB.
	Create(ctx context.Context, h Host, d Disk) error
	// Context creates the context CD with these files.
	Context(ctx context.Context, h Host, d Disk, files []File) error
	// Return copies a persistent disk back to its image, if Link made a copy.
	Return(ctx context.Context, h Host, d Disk) error
	// SaveAs copies the disk to dst, the path of a new image.
	SaveAs(ctx context.Context, h Host, d Disk, dst string) error
	// Resize grows the disk; it never shrinks one.
	Resize(ctx context.Context, h Host, d Disk, sizeMiB int64) error
	// Delete removes a disk or a VM's whole folder. Nothing there: goal met.
	Delete(ctx context.Context, h Host, path string) error
	// Move moves a VM's folder to another host, another datastore, or both.
	Move(ctx context.Context, from, to Folder) error
}

// Folder is the folder of a VM on a host, or at the front end, which is a local Host.
type Folder struct {
	Host Host
	Dir  string
}

// Same tells whether both are the same folder.
func (f Folder) Same(as Folder) bool {
	return f.Host.Local == as.Host.Local && (f.Host.Local || f.Host.Name == as.Host.Name) && f.Dir == as.Dir
}

// EmptyMover is implemented by transfer drivers that are also asked when a VM without files moves,
// as OpenNebula's are.
type EmptyMover interface {
	MoveEmpty(ctx context.Context, from, to Folder) error
}

// DiskSnapshotter is implemented by transfer drivers that snapshot disks.
type DiskSnapshotter interface {
	CreateDiskSnapshot(ctx context.Context, h Host, d Disk, snapshotID int) error
	RevertDiskSnapshot(ctx context.Context, h Host, d Disk, snapshotID int) error
	DeleteDiskSnapshot(ctx context.Context, h Host, d Disk, snapshotID int) error
}

// PostMigrator is implemented by transfer drivers that have work after a live migration, like
// OpenNebula's postmigrate script.
type PostMigrator interface {
	// PostMigrate is called after the VM with its disks in dir was live-migrated from one host
	// to the other.
	PostMigrate(ctx context.Context, from, to Host, dir string) error
}

// BootFiler is implemented by transfer drivers that can copy kernels and initrds to a host.
type BootFiler interface {
	// BootFile copies source, a file of a datastore, to path on h.
	BootFile(ctx context.Context, h Host, source, path string) error
}

// File is a file for a context CD.
type File struct {
	Name string
	Data []byte // content, if Path is empty
	Path string // or a file at the front end
}

// ImageSpec describes a new image.
type ImageSpec struct {
	ID      int
	Path    string        // local file or URL; "" for an empty datablock
	SizeMiB int64         // of an empty datablock
	Format  string        // raw or qcow2, "" to keep the format of Path
	FS      string        // file system for an empty datablock, "" for none
	Attrs   attr.Template // the image's TEMPLATE
	// Open opens what Path names where the datastore cannot read it by itself; nil
	// where it can.
	Open func(ctx context.Context) (Content, error)
}

// Finder is implemented by image stores that can examine a file that somebody has put at an
// image's path.
type Finder interface {
	Find(ctx context.Context, ds Datastore, source string) (Stored, error)
}

// Stored is an image in a datastore.
type Stored struct {
	Source  string // SOURCE: a path
	Format  string // raw or qcow2
	SizeMiB int64  // virtual size
}

// ImageStore stores images in a datastore.
type ImageStore interface {
	// Stat answers an image's size before it is copied, or an error about its path.
	Stat(ctx context.Context, ds Datastore, img ImageSpec) (Stored, error)
	// Import copies or creates the image. A second call for the same img.ID gives the same
	// Source, and continues or repeats the first.
	Import(ctx context.Context, ds Datastore, img ImageSpec, progress func(doneBytes int64)) (Stored, error)
	// Clone copies an image of this datastore to image img.ID.
	Clone(ctx context.Context, ds Datastore, from Stored, img ImageSpec) (Stored, error)
	// Remove deletes an image. Nothing there: goal met.
	Remove(ctx context.Context, ds Datastore, source string) error
	// Place is the Source that Import will give to the image with that ID.
	Place(ds Datastore, imageID int) (string, error)
	// Capacity answers the size and free space of the datastore.
	Capacity(ctx context.Context, ds Datastore) (Usage, error)
}
