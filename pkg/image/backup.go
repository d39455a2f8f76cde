package image

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Types of increments.
const (
	IncrementFull = "FULL"
	IncrementDiff = "INCREMENT"
)

// BackedUp is a backup of a VM that a datastore has.
type BackedUp struct {
	VMID, DatastoreID int
	JobID             int // -1: of no backup job
	Source, Format    string
	SizeMB            int64
	Disks             []int // that it has
	Selected          bool  // they are not all
}

// HasRoom tells whether a datastore has so much room left, as far as is known.
func HasRoom(ds *datastore.Datastore, sizeMB int64) bool {
	return DefaultSettings().hasRoom(ds, sizeMB)
}

// backupUmask leaves backups to their owner.
const backupUmask = 0o177

// NewBackup registers a backup as an image of the VM's owner. What it takes is
// counted, and not refused any more: it is there.
func NewBackup(tx *store.Tx, owner *object.Meta, b BackedUp) (int, error) {
	ds, err := datastore.Kind.Get(tx, b.DatastoreID)
	if err != nil {
		return -1, err
	}
	img := blank(tx, &one.Caller{UID: owner.UID, GID: owner.GID, UName: owner.UName, GName: owner.GName}, ds)
	img.Perms = object.PermsFromUmask(backupUmask, false)
	img.Type, img.State, img.Persistent = one.ImageTypeBackup, one.ImageReady, true
	img.Source, img.Format, img.SizeMB = b.Source, b.Format, b.SizeMB
	img.BackupVM, img.BackupDiskIDs = b.VMID, slices.Clone(b.Disks)
	if b.JobID >= 0 {
		img.Template.Set("BACKUP_JOB_ID", strconv.Itoa(b.JobID))
	}
	if b.Selected {
		img.Template.Set("BACKUP_SELECTED_DISKS", "YES")
	}
	img.Name = freeName(tx, img, fmt.Sprintf("%d %s", b.VMID, tx.Now.Local().Format("02-Jan 15.04.05")))
	quota.Count(tx, img.UID, img.GID, img.usage())
	id, err := Kind.Add(tx, img)
	datastore.Kind.Table.Touch(tx, store.ID(img.DatastoreID))
	return id, err
}

// freeName is a name, with a number behind it when its owner has one of that
// name: two backups of a second both have to be kept.
func freeName(r store.Reader, img *Image, name string) string {
	for n, try := 2, name; ; n++ {
		taken := false
		for row := range Kind.ByName.Find(r, try) {
			taken = taken || row.Val.UID == img.UID
		}
		if !taken {
			return try
		}
		try = name + "-" + strconv.Itoa(n)
	}
}

// AddIncrement adds a backup to the chain of an image and answers its ID there.
func AddIncrement(tx *store.Tx, id int, source string, sizeMB int64) (increment int, err error) {
	img, err := Kind.Edit(tx, id)
	if err != nil {
		return -1, err
	}
	before := img.usage()
	inc := Increment{Type: IncrementFull, ParentID: -1, Date: tx.Now.Unix(), Source: source, SizeMB: sizeMB}
	if n := len(img.BackupIncrements); n > 0 {
		inc.Type, inc.ParentID = IncrementDiff, img.BackupIncrements[n-1].ID
	}
	inc.ID = inc.ParentID + 1
	img.BackupIncrements = append(img.BackupIncrements, inc)
	img.SizeMB = img.chainMB()
	recount(tx, img, before)
	Kind.Put(tx, img)
	return inc.ID, nil
}

func (i *Image) chainMB() (sum int64) {
	for _, inc := range i.BackupIncrements {
		sum += inc.SizeMB
	}
	return sum
}

// LastIncrement is the ID of the newest increment, -1 when there is no chain.
func (i *Image) LastIncrement() int {
	if n := len(i.BackupIncrements); n > 0 {
		return i.BackupIncrements[n-1].ID
	}
	return -1
}

// Chain lists the backups that the one of an increment is read from, the full
// one first. Below 0 is the newest; a backup without increments is its own chain.
func (i *Image) Chain(increment int) []string {
	if len(i.BackupIncrements) == 0 {
		return []string{i.Source}
	}
	var chain []string
	for _, inc := range i.BackupIncrements {
		if increment < 0 || inc.ID <= increment {
			chain = append(chain, inc.Source)
		}
	}
	return chain
}

// OpFlatten is the effect that merges the oldest increments of a chain.
const OpFlatten = "flatten"

// ArgKeep is how many increments are to be left.
const ArgKeep = "keep"

// Flatten begins to merge the oldest increments of a backup into one, so that
// keep are left.
func Flatten(tx *store.Tx, id, keep int) error {
	img, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if img.Type != one.ImageTypeBackup {
		return refuse("Image is not of type BACKUP")
	}
	if img.State != one.ImageReady {
		return refuse("Cannot flatten increments in state %s", img.State.Told())
	}
	img.State = one.ImageLocked
	Kind.Put(tx, img)
	effect.Put(tx, effect.Effect{
		Kind: one.KindImage, Object: id, Op: OpFlatten, Host: -1, Args: effect.Args{ArgKeep: strconv.Itoa(keep)},
	})
	return nil
}

// Merged is how many of the oldest increments become one when keep are left.
func (i *Image) Merged(keep int) int { return max(0, len(i.BackupIncrements)-max(keep, 1)+1) }

// Flattened takes in how the merging ended.
func Flattened(tx *store.Tx, e *effect.Effect, sizeMB int64, why error) (vmID int) {
	img, there := Kind.Table.Edit(tx, store.ID(e.Object))
	if !there {
		return -1
	}
	img.State = one.ImageReady
	if why != nil {
		img.explain(tx, failed(why, "Error flattening backup increments"))
		Kind.Put(tx, img)
		return img.BackupVM
	}
	before := img.usage()
	keep, _ := strconv.Atoi(e.Args[ArgKeep])
	if n := img.Merged(keep); n > 1 {
		img.BackupIncrements = slices.Clone(img.BackupIncrements[n-1:])
		first := &img.BackupIncrements[0]
		first.Type, first.ParentID, first.SizeMB = IncrementFull, -1, sizeMB
		img.Source = first.Source
	}
	img.SizeMB = img.chainMB()
	img.Template.Del("ERROR")
	recount(tx, img, before)
	Kind.Put(tx, img)
	return img.BackupVM
}
