package dummy

import (
	"os"
	"testing"

	"github.com/renkei-vpe/renkei/drivers/drivertest"
)

func TestBackupContract(t *testing.T) {
	t.Parallel()
	drivertest.RunBackups(t, func(t *testing.T) drivertest.Backups {
		dir := t.TempDir()
		return drivertest.Backups{
			Keeper: &Store{Backups: dir},
			Stage:  func(*testing.T, int64, string) string { return "/nowhere" },
			Count: func(t *testing.T) int {
				t.Helper()
				list, err := os.ReadDir(dir)
				if err != nil {
					t.Fatal(err)
				}
				return len(list)
			},
		}
	})
}
