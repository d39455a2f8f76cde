package vmrun

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
)

// ops says what each effect does.
var ops = map[lifecycle.Effect]func(context.Context, *job) (engine.Outcome, error){
	lifecycle.DoProlog:        quiet((*job).prolog),
	lifecycle.DoPrologResume:  quiet((*job).fetch),
	lifecycle.DoPrologMigrate: quiet((*job).fetchFromOld),

	lifecycle.DoBoot:        finding((*job).boot),
	lifecycle.DoRestore:     finding((*job).restore),
	lifecycle.DoSave:        quiet((*job).save),
	lifecycle.DoShutdown:    quiet((*job).shutdown),
	lifecycle.DoDestroy:     quiet((*job).destroy),
	lifecycle.DoReboot:      quiet((*job).reboot),
	lifecycle.DoReset:       quiet((*job).reset),
	lifecycle.DoLiveMigrate: quiet((*job).liveMigrate),

	lifecycle.DoEpilog:             finding((*job).epilog),
	lifecycle.DoEpilogStop:         quiet((*job).takeHome),
	lifecycle.DoEpilogFromFrontEnd: finding((*job).epilogAtFront),

	lifecycle.DoCleanup:                quiet((*job).cleanup),
	lifecycle.DoCleanupBoth:            quiet((*job).cleanupBoth),
	lifecycle.DoCleanupFrontEnd:        quiet((*job).cleanupFront),
	lifecycle.DoCleanupHereAndFrontEnd: quiet((*job).cleanupHereAndFront),

	lifecycle.DoAttachDisk:    quiet((*job).attachDisk),
	lifecycle.DoAttachDiskOff: quiet((*job).bringDisk),
	lifecycle.DoDetachDisk:    quiet((*job).detachDisk),
	lifecycle.DoDetachDiskOff: quiet((*job).dropDisk),
	lifecycle.DoAttachNIC:     quiet((*job).attachNIC),
	lifecycle.DoAttachNICOff:  quiet((*job).nothing),
	lifecycle.DoDetachNIC:     quiet((*job).detachNIC),
	lifecycle.DoDetachNICOff:  quiet((*job).nothing),
	lifecycle.DoUpdateNIC:     quiet((*job).updateNIC),

	lifecycle.DoResize:             quiet((*job).resize),
	lifecycle.DoResizeDisk:         quiet((*job).resizeDisk),
	lifecycle.DoResizeDiskOff:      quiet((*job).resizeDiskOff),
	lifecycle.DoResizeDiskFrontEnd: quiet((*job).resizeDiskFront),

	lifecycle.DoCreateSnapshot: finding((*job).createSnapshot),
	lifecycle.DoRevertSnapshot: quiet((*job).revertSnapshot),
	lifecycle.DoDeleteSnapshot: quiet((*job).deleteSnapshot),

	lifecycle.DoCreateDiskSnapshot:    quiet((*job).snapDisk),
	lifecycle.DoCreateDiskSnapshotOff: quiet((*job).createDiskSnapshot),
	lifecycle.DoRevertDiskSnapshot:    quiet((*job).revertDiskSnapshot),
	lifecycle.DoDeleteDiskSnapshot:    quiet((*job).deleteDiskSnapshot),
	lifecycle.DoDeleteDiskSnapshotOff: quiet((*job).deleteDiskSnapshot),

	lifecycle.DoSaveAs:         finding((*job).saveAs),
	lifecycle.DoSaveAsOff:      finding((*job).saveAs),
	lifecycle.DoSaveAsFrontEnd: finding((*job).saveAsFront),

	lifecycle.DoUpdateConf: quiet((*job).renewContext),

	lifecycle.DoBackup:        finding((*job).backup),
	lifecycle.DoBackupOff:     finding((*job).backupOff),
	lifecycle.DoCancelBackup:  quiet((*job).cancelBackup),
	lifecycle.DoRestoreBackup: quiet((*job).restoreBackup),
	lifecycle.DoExec:          finding((*job).exec),
	lifecycle.DoCancelExec:    quiet((*job).cancelExec),
}

// quiet is an operation that finds nothing out.
func quiet(do func(*job, context.Context) error) func(context.Context, *job) (engine.Outcome, error) {
	return func(ctx context.Context, j *job) (engine.Outcome, error) { return nil, do(j, ctx) }
}

// finding is an operation that finds something out.
func finding(do func(*job, context.Context) (engine.Outcome, error)) func(context.Context, *job) (engine.Outcome, error) {
	return func(ctx context.Context, j *job) (engine.Outcome, error) { return do(j, ctx) }
}

// nothing is an operation that changes no host: the next boot reads it.
func (j *job) nothing(context.Context) error { return nil }
