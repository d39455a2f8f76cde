package libvirt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"time"

	lv "libvirt.org/go/libvirt"
	"libvirt.org/go/libvirtxml"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/vmm/libvirt/domxml"
)

var _ drivers.Backuper = (*hypervisor)(nil)

// savedDisk is a disk in a backup, and the file that it is copied to.
type savedDisk struct{ target, format, path, file string }

// Backup copies disks with libvirt's backup job while the guest runs. The files have the disks'
// contents at the beginning of the job. If ctx ends first, the job is aborted.
func (h *hypervisor) Backup(ctx context.Context, vm drivers.VM, diskIDs []int, at drivers.Checkpoints, freeze, dir string) error {
	if _, err := h.run(ctx, "mkdir", "-p", "--", dir); err != nil {
		return fmt.Errorf("a folder for the backup of VM %d on host %s: %w", vm.ID, h.host.Name, err)
	}
	return h.alter(ctx, vm, "saving the disks of", func(_ *lv.Connect, dom *lv.Domain) error {
		defer abortWith(ctx, dom)()
		live, err := liveXML(dom)
		if err != nil {
			return err
		}
		disks, err := savedDisks(live, vm, diskIDs, dir)
		if err != nil {
			return err
		}
		if err := endJob(dom); err != nil {
			return err
		}
		for _, d := range disks {
			if _, err := h.run(ctx, "rm", "-f", "--", d.file); err != nil {
				return err
			}
		}
		if err := h.turnCheckpoints(ctx, dom, live, disks, at); err != nil {
			return err
		}
		if err := begin(dom, live, disks, at, freeze); err != nil {
			return err
		}
		if err := finished(ctx, dom); err != nil {
			return err
		}
		return h.standAlone(ctx, disks, at)
	})
}

// standAlone removes the backing files from increments; libvirt sets them to the disks.
func (h *hypervisor) standAlone(ctx context.Context, disks []savedDisk, at drivers.Checkpoints) error {
	if at.Since == "" {
		return nil
	}
	for _, d := range disks {
		if err := h.patiently(ctx, "qemu-img", "rebase", "-u", "-f", "qcow2", "-b", "", d.file); err != nil {
			return fmt.Errorf("%s: %w", d.file, err)
		}
	}
	return nil
}

// patiently retries a command on a file that QEMU keeps locked for a moment after its job has
// ended.
func (h *hypervisor) patiently(ctx context.Context, argv ...string) error {
	for try := 1; ; try++ {
		_, err := h.run(ctx, argv...)
		if err == nil || try == tries || ctx.Err() != nil {
			return withWords(err)
		}
		time.Sleep(jobPause)
	}
}

// tries is how often a command is tried, with pauses of jobPause.
const tries = 100

// withWords adds the standard error of a local command.
func withWords(err error) error {
	var failed *exec.ExitError
	if errors.As(err, &failed) && len(failed.Stderr) > 0 {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(failed.Stderr))
	}
	return err
}

func liveXML(dom *lv.Domain) (*libvirtxml.Domain, error) {
	text, err := dom.GetXMLDesc(0)
	if err != nil {
		return nil, err
	}
	var live libvirtxml.Domain
	return &live, live.Unmarshal(text)
}

func savedDisks(live *libvirtxml.Domain, vm drivers.VM, ids []int, dir string) (list []savedDisk, err error) {
	for _, id := range ids {
		disk, ok := diskAt(domxml.DiskPath(vm, id))(live).(*libvirtxml.DomainDisk)
		if !ok || disk == nil {
			return nil, fmt.Errorf("it has no disk %d", id)
		}
		d := savedDisk{target: disk.Target.Dev, path: domxml.Path(disk), file: dir + "/disk." + strconv.Itoa(id)}
		if disk.Driver != nil {
			d.format = disk.Driver.Type
		}
		list = append(list, d)
	}
	return list, nil
}

// begin starts the job. For that moment the guest's file systems are frozen, or the guest is
// paused.
func begin(dom *lv.Domain, live *libvirtxml.Domain, disks []savedDisk, at drivers.Checkpoints, freeze string) error {
	job, err := backupXML(live, disks, at.Since)
	if err != nil {
		return err
	}
	checkpoint := ""
	if at.Keep != "" {
		if checkpoint, err = checkpointXML(live, disks, at.Keep, false); err != nil {
			return err
		}
	}
	thaw, err := still(dom, freeze)
	if err != nil {
		return err
	}
	err = dom.BackupBegin(job, checkpoint, 0)
	if is(err, lv.ERR_CHECKPOINT_INCONSISTENT) {
		err = forgotten(err)
	}
	return errors.Join(err, thaw())
}

// still freezes or pauses a guest until the function that it answers is called.
func still(dom *lv.Domain, freeze string) (thaw func() error, err error) {
	switch freeze {
	case "AGENT":
		return func() error { return dom.FSThaw(nil, 0) }, dom.FSFreeze(nil, 0)
	case "SUSPEND":
		return dom.Resume, dom.Suspend()
	}
	return func() error { return nil }, nil
}

// backupXML describes the job: a file for each disk of the backup, and no others.
func backupXML(live *libvirtxml.Domain, disks []savedDisk, since string) (string, error) {
	job := libvirtxml.DomainBackup{Incremental: since, Push: &libvirtxml.DomainBackupPush{Disks: &libvirtxml.DomainBackupPushDisks{}}}
	for _, name := range targets(live) {
		disk := libvirtxml.DomainBackupPushDisk{Name: name, Backup: "no"}
		if d := saved(disks, name); d != nil {
			disk.Backup = "yes"
			disk.Driver = &libvirtxml.DomainBackupDiskDriver{Type: "qcow2"}
			disk.Target = &libvirtxml.DomainDiskSource{File: &libvirtxml.DomainDiskSourceFile{File: d.file}}
		}
		job.Push.Disks.Disks = append(job.Push.Disks.Disks, disk)
	}
	return job.Marshal()
}

func targets(live *libvirtxml.Domain) (names []string) {
	for _, d := range live.Devices.Disks {
		names = append(names, d.Target.Dev)
	}
	return names
}

func saved(disks []savedDisk, target string) *savedDisk {
	for i := range disks {
		if disks[i].target == target {
			return &disks[i]
		}
	}
	return nil
}

// endJob aborts the job of an earlier try.
func endJob(dom *lv.Domain) error {
	if _, err := dom.BackupGetXMLDesc(0); err != nil {
		if is(err, lv.ERR_NO_DOMAIN_BACKUP) {
			return nil
		}
		return err
	}
	if err := dom.AbortJob(); err != nil && !is(err, lv.ERR_OPERATION_INVALID) {
		return err
	}
	for {
		if _, err := dom.BackupGetXMLDesc(0); is(err, lv.ERR_NO_DOMAIN_BACKUP) {
			return nil
		} else if err != nil {
			return err
		}
		time.Sleep(jobPause)
	}
}

// jobPause is the pause between two polls of a job.
const jobPause = 100 * time.Millisecond

// finished waits for the end of the job and answers whether it has succeeded.
func finished(ctx context.Context, dom *lv.Domain) error {
	for {
		_, err := dom.BackupGetXMLDesc(0)
		if is(err, lv.ERR_NO_DOMAIN_BACKUP) {
			break
		}
		if err != nil {
			return err
		}
		time.Sleep(jobPause)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	end, err := dom.GetJobStats(lv.DOMAIN_JOB_STATS_COMPLETED)
	switch {
	case err != nil:
		return err
	case end.Type == lv.DOMAIN_JOB_COMPLETED:
		return nil
	case end.ErrorMessageSet:
		return fmt.Errorf("the backup failed: %s", end.ErrorMessage)
	}
	return errors.New("the backup was called off")
}
