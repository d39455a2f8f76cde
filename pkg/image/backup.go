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

// BackedUp describes a backup of a VM.
type BackedUp struct {
	VMID, DatastoreID int
	JobID             int // the backup job, or -1
	Source, Format    string
	SizeMB            int64
	Disks             []int // IDs of the disks in it
	Selected          bool  // the VM has more disks than these
}

// HasRoom reports whether a datastore has enough free space, as far as that is known.
func HasRoom(ds *datastore.Datastore, sizeMB int64) bool {
	return DefaultSettings().hasRoom(ds, sizeMB)
}

// backupUmask makes backups accessible to their owner only.
const backupUmask = 0o177

// NewBackup registers a backup as an image of the VM's owner. It counts in the owner's quotas
// but is never refused for their limits, because the backup exists already.
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

// freeName appends a number to a name that the owner has used already: two backups made in the
// same second are both kept.
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

// AddIncrement adds an increment to a backup's chain and returns its ID.
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

// LastIncrement is the ID of the newest increment, or -1 if there is none.
func (i *Image) LastIncrement() int {
	if n := len(i.BackupIncrements); n > 0 {
		return i.BackupIncrements[n-1].ID
	}
	return -1
}

// Chain lists the sources from which an increment is restored, the full backup first. A
// negative ID means the newest. A backup without increments is a chain of its own.
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

// ArgKeep is the argument of OpFlatten: how many increments remain.
const ArgKeep = "keep"

// Flatten begins to merge the oldest increments of a backup so that keep increments remain.
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

// Merged is the number of oldest increments to merge into one so that keep remain.
func (i *Image) Merged(keep int) int { return max(0, len(i.BackupIncrements)-max(keep, 1)+1) }

// Flattened records the outcome of OpFlatten.
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
