package render

import (
	"github.com/renkei-vpe/renkei/pkg/backupjob"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// BackupJob writes a backup job with its scheduled actions in full.
func BackupJob(w *Writer, r store.Reader, j *backupjob.Job) { w.backupJob(r, j, j.SchedActions) }

// BackupJobShort writes a backup job as its pool lists it.
func BackupJobShort(w *Writer, r store.Reader, j *backupjob.Job) { w.backupJob(r, j, nil) }

func (w *Writer) backupJob(r store.Reader, j *backupjob.Job, planned []int) {
	w.Open("BACKUPJOB")
	w.owned(&j.Meta)
	w.lock(j.Lock)
	w.permissions(j.Perms)
	w.Int("PRIORITY", int64(j.Priority))
	w.Int("LAST_BACKUP_TIME", j.Started)
	w.Int("LAST_BACKUP_DURATION", j.Duration(r))
	w.IDs("SCHED_ACTIONS", j.SchedActions)
	w.IDs("UPDATED_VMS", backupjob.In(r, j.ID, vm.JobUpdated))
	w.IDs("OUTDATED_VMS", backupjob.In(r, j.ID, vm.JobOutdated))
	w.IDs("BACKING_UP_VMS", backupjob.In(r, j.ID, vm.JobBackingUp))
	w.IDs("ERROR_VMS", backupjob.In(r, j.ID, vm.JobError))
	w.templateWith(j.Template, r, planned)
	w.Close("BACKUPJOB")
}
