package imagerun

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"strconv"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// keeperOf is the driver of a backup datastore.
func (r *Runner) keeperOf(snap *store.Snap, dsID int) (drivers.BackupStore, drivers.Datastore, error) {
	driver, ds, err := r.storeOf(snap, dsID)
	if err != nil {
		return nil, ds, err
	}
	keeper, ok := driver.(drivers.BackupStore)
	if !ok {
		return nil, ds, fmt.Errorf("datastore %d: its driver keeps no backups", dsID)
	}
	return keeper, ds, nil
}

func refs(vmID int, names []string) (list []drivers.BackupRef) {
	for _, name := range names {
		list = append(list, drivers.BackupRef{VMID: vmID, Name: name})
	}
	return list
}

// restore makes the file of an image from a backup.
func (r *Runner) restore(ctx context.Context, snap *store.Snap, driver drivers.ImageStore, ds drivers.Datastore, img *image.Image) (engine.Outcome, error) {
	keeper, from, err := r.keeperOf(snap, img.From.DatastoreID)
	if err != nil {
		return nil, err
	}
	place, err := driver.Place(ds, img.ID)
	if err != nil {
		return nil, err
	}
	stored, err := keeper.ExtractDisk(ctx, from, refs(img.From.VMID, img.From.Chain), img.From.DiskID, place)
	return outcome(stored), err
}

// forget deletes all increments of a backup.
func (r *Runner) forget(ctx context.Context, snap *store.Snap, img *image.Image) error {
	keeper, ds, err := r.keeperOf(snap, img.DatastoreID)
	if err != nil {
		return err
	}
	return keeper.ForgetBackups(ctx, ds, refs(img.BackupVM, img.Chain(-1)))
}

// flatten merges the oldest increments of a chain.
func (r *Runner) flatten(ctx context.Context, snap *store.Snap, e *effect.Effect, img *image.Image) (engine.Outcome, error) {
	keep, err := strconv.Atoi(e.Args[image.ArgKeep])
	if err != nil {
		return nil, fmt.Errorf("image %d: the effect does not say how many increments to keep", img.ID)
	}
	keeper, ds, err := r.keeperOf(snap, img.DatastoreID)
	if err != nil {
		return nil, err
	}
	size, err := keeper.FlattenBackups(ctx, ds, refs(img.BackupVM, img.Chain(-1)[:img.Merged(keep)]))
	return outcome(drivers.Stored{SizeMiB: size}), err
}

// About returns the VM's TEMPLATE and USER_TEMPLATE at the time of an increment of its backup.
func (r *Runner) About(ctx context.Context, snap *store.Snap, img *image.Image, increment int) (vm, user attr.Template, err error) {
	keeper, ds, err := r.keeperOf(snap, img.DatastoreID)
	if err != nil {
		return nil, nil, one.Errorf(one.CodeAction, "%v", err)
	}
	chain := refs(img.BackupVM, img.Chain(increment))
	if len(chain) == 0 {
		return nil, nil, one.Errorf(one.CodeAction, "Wrong increment")
	}
	doc, err := keeper.AboutBackup(ctx, ds, chain[len(chain)-1])
	if err != nil {
		return nil, nil, one.Errorf(one.CodeAction, "Error reading the backup: %v", err)
	}
	return parseAbout(doc)
}

// parseAbout reads the document that vmrun stored with the backup.
func parseAbout(doc []byte) (vm, user attr.Template, err error) {
	var parts struct {
		VM struct {
			Inner string `xml:",innerxml"`
		} `xml:"TEMPLATE"`
		User struct {
			Inner string `xml:",innerxml"`
		} `xml:"USER_TEMPLATE"`
	}
	if err := xml.Unmarshal(doc, &parts); err != nil {
		return nil, nil, fmt.Errorf("reading what a backup knows of its VM: %w", err)
	}
	vm, problem := attr.Parse("<TEMPLATE>" + parts.VM.Inner + "</TEMPLATE>")
	user, err = attr.Parse("<TEMPLATE>" + parts.User.Inner + "</TEMPLATE>")
	return vm, user, errors.Join(problem, err)
}
