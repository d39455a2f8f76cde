package one

import (
	"context"
	"fmt"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/template"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// BackupReader reads what a backup contains about its VM.
type BackupReader interface {
	// About returns TEMPLATE and USER_TEMPLATE of the VM at the time of an increment; -1 means the
	// newest.
	About(ctx context.Context, snap *store.Snap, backup *image.Image, increment int) (vm, user attr.Template, err error)
}

func backupMethods() []method {
	return []method{
		{
			name: "one.vm.backup", may: vmMayBackup, do: change(vmBackup),
			params: params(pID, xmlrpc.Param{Name: "datastore id, -1 that of the chain", Type: xmlrpc.Int, Optional: true, Default: int32(-1)},
				xmlrpc.Param{Name: "begin a new chain", Type: xmlrpc.Bool, Optional: true, Default: false}),
		},
		{name: "one.vm.backupcancel", params: params(pID), may: onVM(one.ActionBackupCancel), do: change(vmBackupCancel)},
		{
			name: "one.vm.restore", may: vmMayRestore, do: change(vmRestore),
			params: ints("object id", "backup id", "increment id, -1 newest", "disk id, -1 all"),
		},
		{
			name: "one.image.restore", may: mayRestoreImage, do: imageRestore,
			params: append(ints("backup id", "datastore id"), xmlrpc.Param{Name: "options", Type: xmlrpc.String}),
		},
	}
}

// vmMayBackup checks the VM and the datastore before the caller's rights, as oned does.
func vmMayBackup(c *call) ([]acl.Ask, error) {
	ds, err := vm.BackupTarget(c.Snap, c.Int(1), c.Int(2), c.Bool(3), vm.NoJob)
	if err != nil {
		return nil, err
	}
	asks, err := askVM(c, one.ActionBackup, 1)
	if err != nil {
		return nil, err
	}
	more, err := askOn(c, datastore.Kind, one.Use, ds)
	return append(asks, more...), err
}

func vmBackup(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), vm.Backup(tx, s.VMs, c.Caller, c.Int(1), c.Int(2), c.Bool(3), vm.NoJob)
}

func vmBackupCancel(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), vm.CancelBackup(tx, s.VMs, c.Caller, c.Int(1))
}

func vmMayRestore(c *call) ([]acl.Ask, error) {
	if err := vm.CheckRestore(c.Snap, c.Int(1), c.Int(2), c.Int(3), c.Int(4)); err != nil {
		return nil, err
	}
	asks, err := askVM(c, one.ActionRestore, 1)
	if err != nil {
		return nil, err
	}
	more, err := askOn(c, image.Kind, one.Use, c.Int(2))
	return append(asks, more...), err
}

func vmRestore(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), vm.RestoreBackup(tx, s.VMs, c.Caller, c.Int(1), c.Int(2), c.Int(3), c.Int(4))
}

// mayRestoreImage needs the backup, the datastore, and the right to create what is restored.
func mayRestoreImage(c *call) ([]acl.Ask, error) {
	asks, err := all(basic(image.Kind, one.Use, 1), create(one.KindImage))(c)
	if err != nil {
		return nil, err
	}
	store, err := basic(datastore.Kind, one.Use, 2)(c)
	if err != nil { // oned's text says image, although it is the datastore that does not exist
		return nil, one.Errorf(one.CodeNoExists, "Error getting image [%d].", c.Int(2)).At(c.Int(2))
	}
	asks = append(asks, store...)
	in, err := restorationOf(c)
	if err == nil && in.Disk < 0 {
		asks = append(asks, acl.ToCreate(one.KindTemplate))
	}
	return asks, err
}

// restorationOf parses the options of one.image.restore.
func restorationOf(c *call) (template.Restoration, error) {
	t, err := object.ParseTemplate(c.Text(3))
	if err != nil {
		return template.Restoration{}, err
	}
	in := template.Restoration{ImageID: c.Int(1), DatastoreID: c.Int(2), Name: t.Get("NAME"), Increment: -1, Disk: -1}
	if n, ok := t.Int("INCREMENT_ID"); ok {
		in.Increment = n
	}
	if n, ok := t.Int("DISK_ID"); ok {
		in.Disk = n
	}
	in.NoNIC, _ = t.Bool("NO_NIC")
	in.NoIP, _ = t.Bool("NO_IP")
	return in, nil
}

// imageRestore serves one.image.restore: it returns the IDs of the template and of the images.
// The backup is read before anything is made.
func imageRestore(ctx context.Context, s *Server, c *call) (any, error) {
	in, err := restorationOf(c)
	if err != nil {
		return nil, err
	}
	backup, err := template.CheckRestore(c.Snap, in)
	if err != nil {
		return nil, err
	}
	if in.VM, in.User, err = s.Backups.About(ctx, c.Snap, backup, in.Increment); err != nil {
		return nil, err
	}
	return s.update(ctx, c, func(tx *store.Tx) (any, error) {
		id, images, err := template.Restore(tx, template.Settings{VMs: s.VMs, Images: s.Images}, c.Caller, in)
		answer := fmt.Sprint(id)
		for _, img := range images {
			answer += fmt.Sprintf(" %d", img)
		}
		return answer, err
	})
}
