package fs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/qemuimg"
	"github.com/renkei-vpe/renkei/drivers/sparsefile"
)

// A backup is a folder <datastore>/<VM>/<name> with a qcow2 image disk.<ID> for each disk and
// the description of the VM in vm.xml. The images of an increment have only the changed blocks.
// The folder is renamed to its name when it is complete.

const (
	aboutFile = "vm.xml"
	fullMark  = "full" // file in an increment that has become a full backup
	flatPart  = ".flat"
	replaced  = ".old"
)

var _ drivers.BackupStore = (*Store)(nil)

// backupDir is the folder of a backup.
func backupDir(ds drivers.Datastore, b drivers.BackupRef) (string, error) {
	if !filepath.IsAbs(ds.Path) || filepath.Clean(ds.Path) == "/" {
		return "", fmt.Errorf("datastore %d has no folder for its backups (BASE_PATH is %q)", ds.ID, ds.Path)
	}
	if b.Name == "" || strings.Trim(b.Name, "0123456789abcdef") != "" || b.VMID < 0 {
		return "", fmt.Errorf("%q of VM %d is no name of a backup", b.Name, b.VMID)
	}
	return filepath.Join(ds.Path, strconv.Itoa(b.VMID), b.Name), nil
}

// KeepBackup copies the disks of a backup into its folder.
func (s *Store) KeepBackup(ctx context.Context, ds drivers.Datastore, b drivers.BackupRef, h drivers.Host, dir string, about []byte) (int64, error) {
	place, err := backupDir(ds, b)
	if err != nil {
		return 0, err
	}
	if err := s.collect(ctx, h, dir, place+unfinished, about); err != nil {
		return 0, errors.Join(fmt.Errorf("backup %s of VM %d: %w", b.Name, b.VMID, err), os.RemoveAll(place+unfinished))
	}
	if err := os.RemoveAll(place); err != nil {
		return 0, err
	}
	if err := os.Rename(place+unfinished, place); err != nil {
		return 0, err
	}
	return folderMiB(place)
}

// collect fills the folder to with all files of a backup.
func (s *Store) collect(ctx context.Context, h drivers.Host, from, to string, about []byte) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	names, err := s.tool.Runner.Script(ctx, h, `cd -- "$1"; ls -1 | grep '^disk\.[0-9]*$'`, from)
	if err != nil {
		return fmt.Errorf("looking for the disks in %s: %w", from, err)
	}
	for _, name := range strings.Fields(string(names)) {
		if err := s.tool.Runner.GetFile(ctx, h, from+"/"+name, filepath.Join(to, name)); err != nil {
			return err
		}
	}
	_, err = sparsefile.Write(filepath.Join(to, aboutFile), strings.NewReader(string(about)))
	return err
}

// folderMiB is the disk space that the files of a folder use.
func folderMiB(dir string) (int64, error) {
	var bytes int64
	err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if st, ok := info.Sys().(*syscall.Stat_t); err == nil && ok && info.Mode().IsRegular() {
			bytes += st.Blocks * 512
		}
		return err
	})
	return max(inMiB(bytes), 1), err
}

// AboutBackup reads the description of the VM.
func (s *Store) AboutBackup(_ context.Context, ds drivers.Datastore, b drivers.BackupRef) ([]byte, error) {
	place, err := backupDir(ds, b)
	if err != nil {
		return nil, err
	}
	about, err := os.ReadFile(filepath.Join(place, aboutFile))
	if err != nil {
		return nil, fmt.Errorf("backup %s of VM %d: %w", b.Name, b.VMID, err)
	}
	return about, nil
}

// disksIn lists the disks whose images are in a folder.
func disksIn(dir string) (ids []int, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "disk.*"))
	for _, file := range files {
		if id, err := strconv.Atoi(strings.TrimPrefix(filepath.Ext(file), ".")); err == nil {
			ids = append(ids, id)
		}
	}
	return ids, err
}

func (s *Store) describe(ctx context.Context, file string) (drivers.Stored, error) {
	info, err := s.tool.Info(ctx, file, qemuimg.Qcow2)
	return drivers.Stored{Source: file, Format: qemuimg.Qcow2, SizeMiB: inMiB(info.VirtualBytes)}, err
}

// ExtractDisk merges the images of a chain.
func (s *Store) ExtractDisk(ctx context.Context, ds drivers.Datastore, chain []drivers.BackupRef, diskID int, file string) (drivers.Stored, error) {
	files, err := diskFiles(ds, chain, diskID)
	if err != nil {
		return drivers.Stored{}, err
	}
	tmp := file + unfinished
	defer s.tool.Runner.Discard(ctx, s.tool.Host, tmp)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return drivers.Stored{}, err
	}
	if err := s.tool.Flatten(ctx, files, tmp); err != nil {
		return drivers.Stored{}, fmt.Errorf("disk %d: %w", diskID, err)
	}
	if err := s.publish(ctx, tmp, file); err != nil {
		return drivers.Stored{}, err
	}
	return s.describe(ctx, file)
}

// diskFiles lists the images of a disk, from the newest full backup on: older ones may have
// been deleted.
func diskFiles(ds drivers.Datastore, chain []drivers.BackupRef, diskID int) ([]string, error) {
	var files []string
	for _, b := range chain {
		place, err := backupDir(ds, b)
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(filepath.Join(place, fullMark)); err == nil {
			files = nil
		}
		files = append(files, filepath.Join(place, "disk."+strconv.Itoa(diskID)))
	}
	if len(files) == 0 {
		return nil, errors.New("a chain of no backups has no disks")
	}
	return files, nil
}
