package vm

import "github.com/renkei-vpe/renkei/pkg/store"

// backupConfig moves BACKUP_CONFIG to where BACKUPS shows it.
func backupConfig(_ *store.Tx, _ Settings, v *VM) error {
	if c := v.User.Vector("BACKUP_CONFIG"); c != nil {
		for _, p := range c.Vector {
			v.Backups.Config.Set(p.Key, p.Value)
		}
	}
	v.User.Del("BACKUP_CONFIG")
	return nil
}
