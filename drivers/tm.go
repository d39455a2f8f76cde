package drivers

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// Datastore is what drivers are told of a datastore.
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

// Transfer brings the disks of VMs to a host and takes them away again.
// Paths are on the host. A target that is complete already is the goal met;
// one that is half-made is made anew.
type Transfer interface {
	// Clone makes d a private copy of its image (copy-on-write where it can).
	Clone(ctx context.Context, h Host, d Disk) error
	// Link makes d the image itself: a persistent disk.
	Link(ctx context.Context, h Host, d Disk) error
	// Create makes an empty volatile disk: TYPE fs or swap, FORMAT, SIZE in MiB.
	Create(ctx context.Context, h Host, d Disk) error
	// Context makes the CD with the given files (name → content).
	Context(ctx context.Context, h Host, d Disk, files []File) error
	// Return brings a persistent disk back to its image, where Link made a copy.
	Return(ctx context.Context, h Host, d Disk) error
	// SaveAs copies the disk as it is into dst, a new image's place.
	SaveAs(ctx context.Context, h Host, d Disk, dst string) error
	// Resize grows the disk; it never shrinks one.
	Resize(ctx context.Context, h Host, d Disk, sizeMiB int64) error
	// Delete removes a disk or a VM's whole folder. Nothing there: goal met.
	Delete(ctx context.Context, h Host, path string) error
	// Move takes a VM's folder to another host, to another datastore, or both.
	Move(ctx context.Context, from, to Folder) error
}

// Folder is where all that a VM has on a host is, or at the front end, which is a
// local Host.
type Folder struct {
	Host Host
	Dir  string
}

// Same tells of two names of one folder.
func (f Folder) Same(as Folder) bool {
	return f.Host.Local == as.Host.Local && (f.Host.Local || f.Host.Name == as.Host.Name) && f.Dir == as.Dir
}

// DiskSnapshotter is implemented by transfer drivers that snapshot disks.
type DiskSnapshotter interface {
	CreateDiskSnapshot(ctx context.Context, h Host, d Disk, snapshotID int) error
	RevertDiskSnapshot(ctx context.Context, h Host, d Disk, snapshotID int) error
	DeleteDiskSnapshot(ctx context.Context, h Host, d Disk, snapshotID int) error
}

// PostMigrator is implemented by transfer drivers that have something to do once
// a VM has moved alive: what OpenNebula's drivers do in postmigrate.
type PostMigrator interface {
	// PostMigrate is told that the VM whose disks are in dir moved from one host
	// to the other while it ran.
	PostMigrate(ctx context.Context, from, to Host, dir string) error
}

// BootFiler is implemented by transfer drivers that bring kernels and the like.
type BootFiler interface {
	// BootFile makes path on h a copy of source, a file of a datastore, as it is.
	BootFile(ctx context.Context, h Host, source, path string) error
}

// File is a file for a context CD.
type File struct {
	Name string
	Data []byte // content, when Path is empty
	Path string // or a file of the front end
}

// ImageSpec says where a new image comes from.
type ImageSpec struct {
	ID      int
	Path    string        // file of the front end, or URL; "" for an empty datablock
	SizeMiB int64         // of an empty datablock
	Format  string        // raw or qcow2, "" to keep the source's
	FS      string        // file system to make on an empty datablock, "" for none
	Attrs   attr.Template // the image's TEMPLATE
	// Open opens what Path names where the datastore cannot read it by itself; nil
	// where it can.
	Open func(ctx context.Context) (Content, error)
}

// Finder is implemented by image stores that can tell what a file is that somebody
// else put into the place of an image.
type Finder interface {
	Find(ctx context.Context, ds Datastore, source string) (Stored, error)
}

// Stored is an image that a datastore holds.
type Stored struct {
	Source  string // what the datastore calls it: a path
	Format  string // raw or qcow2
	SizeMiB int64  // virtual size
}

// ImageStore keeps images in a datastore.
type ImageStore interface {
	// Stat tells an image's size before anything is copied; it answers an
	// error that names what is wrong with the path.
	Stat(ctx context.Context, ds Datastore, img ImageSpec) (Stored, error)
	// Import copies or creates the image. A second call for the same
	// img.ID gives the same Source and finishes or repeats the first.
	Import(ctx context.Context, ds Datastore, img ImageSpec, progress func(doneBytes int64)) (Stored, error)
	// Clone copies an image of this datastore as image img.ID.
	Clone(ctx context.Context, ds Datastore, from Stored, img ImageSpec) (Stored, error)
	// Remove deletes an image. Nothing there: goal met.
	Remove(ctx context.Context, ds Datastore, source string) error
	// Place is the Source that Import will give to the image of that ID.
	Place(ds Datastore, imageID int) (string, error)
	// Capacity tells how full the datastore is.
	Capacity(ctx context.Context, ds Datastore) (Usage, error)
}
