package vmrun

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
)

// ops has the operation of each effect.
var ops = map[lifecycle.Effect]func(context.Context, *job) (engine.Outcome, error){
	lifecycle.DoProlog:        withoutOutcome((*job).prolog),
	lifecycle.DoPrologResume:  withoutOutcome((*job).fromFrontEnd),
	lifecycle.DoPrologMigrate: withoutOutcome((*job).fromPreviousHost),

	lifecycle.DoBoot:        withOutcome((*job).boot),
	lifecycle.DoRestore:     withOutcome((*job).restore),
	lifecycle.DoSave:        withoutOutcome((*job).save),
	lifecycle.DoShutdown:    withoutOutcome((*job).shutdown),
	lifecycle.DoDestroy:     withoutOutcome((*job).destroy),
	lifecycle.DoReboot:      withoutOutcome((*job).reboot),
	lifecycle.DoReset:       withoutOutcome((*job).reset),
	lifecycle.DoLiveMigrate: withoutOutcome((*job).liveMigrate),

	lifecycle.DoEpilog:             withOutcome((*job).epilog),
	lifecycle.DoEpilogStop:         withoutOutcome((*job).toFrontEnd),
	lifecycle.DoEpilogFromFrontEnd: withOutcome((*job).epilogAtFront),

	lifecycle.DoCleanup:                withoutOutcome((*job).cleanup),
	lifecycle.DoCleanupBoth:            withoutOutcome((*job).cleanupBoth),
	lifecycle.DoCleanupFrontEnd:        withoutOutcome((*job).cleanupFront),
	lifecycle.DoCleanupHereAndFrontEnd: withoutOutcome((*job).cleanupHereAndFront),

	lifecycle.DoAttachDisk:    withoutOutcome((*job).attachDisk),
	lifecycle.DoAttachDiskOff: withoutOutcome((*job).attachDiskOff),
	lifecycle.DoDetachDisk:    withoutOutcome((*job).detachDisk),
	lifecycle.DoDetachDiskOff: withoutOutcome((*job).detachDiskOff),
	lifecycle.DoAttachNIC:     withoutOutcome((*job).attachNIC),
	lifecycle.DoAttachNICOff:  withoutOutcome((*job).noop),
	lifecycle.DoDetachNIC:     withoutOutcome((*job).detachNIC),
	lifecycle.DoDetachNICOff:  withoutOutcome((*job).noop),
	lifecycle.DoUpdateNIC:     withoutOutcome((*job).updateNIC),

	lifecycle.DoResize:             withoutOutcome((*job).resize),
	lifecycle.DoResizeDisk:         withoutOutcome((*job).resizeDisk),
	lifecycle.DoResizeDiskOff:      withoutOutcome((*job).resizeDiskOff),
	lifecycle.DoResizeDiskFrontEnd: withoutOutcome((*job).resizeDiskFront),

	lifecycle.DoCreateSnapshot: withOutcome((*job).createSnapshot),
	lifecycle.DoRevertSnapshot: withoutOutcome((*job).revertSnapshot),
	lifecycle.DoDeleteSnapshot: withoutOutcome((*job).deleteSnapshot),

	lifecycle.DoCreateDiskSnapshot:    withoutOutcome((*job).snapDisk),
	lifecycle.DoCreateDiskSnapshotOff: withoutOutcome((*job).createDiskSnapshot),
	lifecycle.DoRevertDiskSnapshot:    withoutOutcome((*job).revertDiskSnapshot),
	lifecycle.DoDeleteDiskSnapshot:    withoutOutcome((*job).deleteDiskSnapshot),
	lifecycle.DoDeleteDiskSnapshotOff: withoutOutcome((*job).deleteDiskSnapshot),

	lifecycle.DoSaveAs:         withOutcome((*job).saveAs),
	lifecycle.DoSaveAsOff:      withOutcome((*job).saveAs),
	lifecycle.DoSaveAsFrontEnd: withOutcome((*job).saveAsFront),

	lifecycle.DoUpdateConf: withoutOutcome((*job).renewContext),

	lifecycle.DoBackup:        withOutcome((*job).backup),
	lifecycle.DoBackupOff:     withOutcome((*job).backupOff),
	lifecycle.DoCancelBackup:  withoutOutcome((*job).cancelBackup),
	lifecycle.DoRestoreBackup: withoutOutcome((*job).restoreBackup),
	lifecycle.DoExec:          withOutcome((*job).exec),
	lifecycle.DoCancelExec:    withoutOutcome((*job).cancelExec),
}

// withoutOutcome wraps an operation that reports nothing but its error.
func withoutOutcome(do func(*job, context.Context) error) func(context.Context, *job) (engine.Outcome, error) {
	return func(ctx context.Context, j *job) (engine.Outcome, error) { return nil, do(j, ctx) }
}

// withOutcome wraps an operation that has an outcome to store.
func withOutcome(do func(*job, context.Context) (engine.Outcome, error)) func(context.Context, *job) (engine.Outcome, error) {
	return func(ctx context.Context, j *job) (engine.Outcome, error) { return do(j, ctx) }
}

// noop is for effects that change nothing on a host, as the VM is off.
func (j *job) noop(context.Context) error { return nil }
