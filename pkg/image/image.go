// Package image implements images: disks that VMs are made from, their files in datastores,
// their use by VMs, and their snapshots.
package image

import (
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Image is an image. vm.ByImage finds the VMs that use it, and ByOrigin the images being cloned
// from it.
type Image struct {
	object.Meta
	Type             one.ImageType  `cbor:"10,keyasint"`
	DiskType         one.DiskType   `cbor:"11,keyasint"`
	Persistent       bool           `cbor:"12,keyasint"`
	RegTime          int64          `cbor:"13,keyasint"`
	ModTime          int64          `cbor:"14,keyasint"`
	Source           string         `cbor:"15,keyasint"`
	Path             string         `cbor:"16,keyasint"`
	Format           string         `cbor:"17,keyasint"`
	FS               string         `cbor:"18,keyasint"`
	SizeMB           int64          `cbor:"19,keyasint"`
	State            one.ImageState `cbor:"20,keyasint"`
	RunningVMs       int            `cbor:"22,keyasint"` // number of VMs that use it; more than 0 makes it USED
	CloningOps       int            `cbor:"23,keyasint"` // number of copies being made from it
	CloningID        int            `cbor:"24,keyasint"` // the image it is being copied from, or -1
	TargetSnapshot   int            `cbor:"25,keyasint"` // snapshot being flattened or reverted to, or -1
	DatastoreID      int            `cbor:"26,keyasint"`
	Snapshots        Snapshots      `cbor:"27,keyasint"`
	BackupIncrements []Increment    `cbor:"28,keyasint,omitempty"`
	BackupDiskIDs    []int          `cbor:"29,keyasint,omitempty"`
	BackupVM         int            `cbor:"30,keyasint,omitempty"` // for backups: the VM
	From             *Origin        `cbor:"31,keyasint,omitempty"` // the backup it is restored from
}

// Snapshots is the tree of disk snapshots of an image or of a VM's disk.
type Snapshots struct {
	DiskID       int        `cbor:"1,keyasint"` // for VMs; -1 for images
	AllowOrphans string     `cbor:"2,keyasint"` // NO, YES, FORMAT or MIXED
	CurrentBase  int        `cbor:"3,keyasint"` // -1 for none
	Next         int        `cbor:"4,keyasint"` // ID of the next snapshot
	List         []Snapshot `cbor:"5,keyasint,omitempty"`
}

// Snapshot is one disk snapshot.
type Snapshot struct {
	ID       int    `cbor:"1,keyasint"`
	Name     string `cbor:"2,keyasint,omitempty"`
	Date     int64  `cbor:"3,keyasint"`
	Parent   int    `cbor:"4,keyasint"` // -1: the image itself
	Children []int  `cbor:"5,keyasint,omitempty"`
	Active   bool   `cbor:"6,keyasint,omitempty"`
	SizeMB   int64  `cbor:"7,keyasint"`
}

// Increment is one backup in a chain.
type Increment struct {
	ID       int    `cbor:"1,keyasint"`
	Type     string `cbor:"2,keyasint"` // FULL or INCREMENT
	ParentID int    `cbor:"3,keyasint"`
	Date     int64  `cbor:"4,keyasint"`
	SizeMB   int64  `cbor:"5,keyasint"`
	Source   string `cbor:"6,keyasint"`
}

// Clone returns a deep copy.
func (s Snapshots) Clone() Snapshots {
	s.List = slices.Clone(s.List)
	for i := range s.List {
		s.List[i].Children = slices.Clone(s.List[i].Children)
	}
	return s
}

// Clone implements store.Cloner.
func (i *Image) Clone() *Image {
	c := *i
	c.Meta = i.Meta.Copy()
	c.Snapshots = i.Snapshots.Clone()
	c.BackupIncrements = slices.Clone(i.BackupIncrements)
	c.BackupDiskIDs = slices.Clone(i.BackupDiskIDs)
	if i.From != nil {
		o := *i.From
		o.Chain = slices.Clone(o.Chain)
		c.From = &o
	}
	return &c
}

// ByDatastore finds the images of a datastore.
var ByDatastore = store.NewIndex(func(i *Image) []string { return []string{strconv.Itoa(i.DatastoreID)} })

// BySource finds images by the path of their file.
var BySource = store.NewIndex(func(i *Image) []string {
	if i.Source == "" {
		return nil
	}
	return []string{i.Source}
})

// ByOrigin finds the copies that are being made of an image.
var ByOrigin = store.NewIndex(func(i *Image) []string {
	if i.CloningID < 0 {
		return nil
	}
	return []string{strconv.Itoa(i.CloningID)}
})

// Kind describes images to the shared verbs.
var Kind = object.Define("image", object.Spec[Image]{
	Kind:     one.KindImage,
	Names:    object.NamesPerOwner,
	Lockable: true,
	Updating: updating,
	Chowned:  chowned,
}, ByDatastore, ByOrigin, BySource)
