package vm

import (
	"context"
	"errors"
	"maps"
	"strings"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Settle ends an effect of a VM: it stores the results of the drivers and fires the next event.
// It does nothing if the VM does not exist any more.
func Settle(tx *store.Tx, s Settings, e *effect.Effect, out map[string]string, err error) error {
	v, ok := Kind.Table.Edit(tx, store.ID(e.Object))
	if !ok {
		return nil
	}
	if err != nil {
		if why := complaint(e.Op, err); why != "" {
			setError(tx, v, why)
		}
		return Fire(tx, s, v, lifecycle.Failed, Cause{})
	}
	storeResults(v, out)
	if err := settleSaved(tx, s, out); err != nil {
		return err
	}
	return Fire(tx, s, v, lifecycle.OK, Cause{})
}

// storeResults stores results of drivers in the VM.
func storeResults(v *VM, out map[string]string) {
	if id := out[OutDeployID]; id != "" {
		v.DeployID = id
	}
	if number := out[OutCommand]; number != "" {
		setExec(v, attr.Pair{Key: "PID", Value: number})
	}
	if name := out[OutSnapshot]; name != "" {
		if snap := byID(v.Template.Vectors("SNAPSHOT"), "SNAPSHOT_ID", v.doing(ArgSnapshot)); snap != nil {
			snap.Set("HYPERVISOR_ID", name)
		}
	}
	if out[OutSource] != "" {
		doing := maps.Clone(v.Doing)
		maps.Copy(doing, out)
		v.Doing = doing
	}
}

// failures are the operations that oned names in the error of a hypervisor driver.
var failures = map[lifecycle.Effect]string{
	lifecycle.DoBoot: "DEPLOY", lifecycle.DoRestore: "RESTORE", lifecycle.DoSave: "SAVE",
	lifecycle.DoShutdown: "SHUTDOWN", lifecycle.DoDestroy: "CANCEL", lifecycle.DoReboot: "REBOOT", lifecycle.DoReset: "RESET",
	lifecycle.DoLiveMigrate: "MIGRATE", lifecycle.DoCleanup: "CLEANUP", lifecycle.DoCleanupBoth: "CLEANUP",
	lifecycle.DoAttachDisk: "ATTACHDISK", lifecycle.DoDetachDisk: "DETACHDISK", lifecycle.DoCreateDiskSnapshot: "DISKSNAPSHOTCREATE",
	lifecycle.DoAttachNIC: "ATTACHNIC", lifecycle.DoDetachNIC: "DETACHNIC", lifecycle.DoUpdateNIC: "UPDATENIC",
	lifecycle.DoCreateSnapshot: "SNAPSHOTCREATE", lifecycle.DoRevertSnapshot: "SNAPSHOTREVERT", lifecycle.DoDeleteSnapshot: "SNAPSHOTDELETE",
	lifecycle.DoBackup: "BACKUP", lifecycle.DoBackupOff: "BACKUP", lifecycle.DoCancelBackup: "BACKUPCANCEL",
	lifecycle.DoResize: "RESIZE", lifecycle.DoResizeDisk: "RESIZEDISK", lifecycle.DoUpdateConf: "UPDATECONF",
	lifecycle.DoExec: "EXEC", lifecycle.DoCancelExec: "EXEC_CANCEL",
}

// failureOf begins the text of an error. Effects that are not operations of a hypervisor are
// those of transfer drivers.
func failureOf(op string) string {
	if do, ok := lifecycle.ParseEffect(op); ok && failures[do] != "" {
		return failures[do]
	}
	return "Error executing image transfer script"
}

// Complaint is an error that users see exactly as it is, without the name of the operation.
type Complaint string

// Error implements error.
func (c Complaint) Error() string { return string(c) }

// complaint is the text for users of a failed effect; "" for none, as in oned.
func complaint(op string, err error) string {
	if whole := Complaint(""); errors.As(err, &whole) {
		return string(whole)
	}
	if why := reason(err); why != "" {
		return failureOf(op) + ": " + why
	}
	return ""
}

// reason is the text for users of an error; "" for none, as in oned.
func reason(err error) string {
	var said *drivers.Said
	if errors.As(err, &said) {
		return said.Text
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "it took too long: " + err.Error()
	}
	return err.Error()
}

// maxError is the maximum length of a reason in USER_TEMPLATE/ERROR; the log has all of it.
const maxError = 512

// TellError sets USER_TEMPLATE/ERROR of a VM.
func TellError(tx *store.Tx, id int, text string) {
	if v, err := Kind.Edit(tx, id); err == nil {
		setError(tx, v, text)
		Kind.Put(tx, v)
	}
}

// MessageAttr is the attribute in which the scheduler explains why a VM is still pending.
const MessageAttr = "SCHED_MESSAGE"

// ForgetMessage removes the scheduler's message from a VM.
func ForgetMessage(tx *store.Tx, id int) {
	v, err := Kind.Edit(tx, id)
	if err == nil && v.User.Has(MessageAttr) {
		v.User.Del(MessageAttr)
		Kind.Put(tx, v)
	}
}

// setError sets USER_TEMPLATE/ERROR to the last error. As in oned it stays until the next error,
// or until the owner removes it.
func setError(tx *store.Tx, v *VM, text string) {
	if len(text) > maxError {
		text = strings.ToValidUTF8(text[:maxError], "") + "... see more details in VM log"
	}
	v.User.Set("ERROR", tx.Now.Local().Format(time.ANSIC)+": "+text)
}
