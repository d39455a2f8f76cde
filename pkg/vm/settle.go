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

// Settle tells a VM how an effect of it ended: what the drivers found out, and
// the next step of its life. A VM that is gone needs to know nothing.
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
	learn(v, out)
	if err := settleSaved(tx, s, out); err != nil {
		return err
	}
	return Fire(tx, s, v, lifecycle.OK, Cause{})
}

// learn takes in what a driver reported.
func learn(v *VM, out map[string]string) {
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

// failures are oned's words for what a hypervisor was asked and did not do.
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

// failureOf begins the text of a failure. What is no work of a hypervisor is
// work on files.
func failureOf(op string) string {
	if do, ok := lifecycle.ParseEffect(op); ok && failures[do] != "" {
		return failures[do]
	}
	return "Error executing image transfer script"
}

// Complaint is a failure that users are told of in these words, whatever was asked.
type Complaint string

// Error answers the words.
func (c Complaint) Error() string { return string(c) }

// complaint is what users are told of a failure to do op; "" is nothing, as in oned.
func complaint(op string, err error) string {
	if whole := Complaint(""); errors.As(err, &whole) {
		return string(whole)
	}
	if why := reason(err); why != "" {
		return failureOf(op) + ": " + why
	}
	return ""
}

// reason is what users are told of a failure; "" is nothing, as in oned.
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

// maxError is how much of a reason USER_TEMPLATE/ERROR holds; the log has all.
const maxError = 512

// TellError tells the owner of a VM what could not be done to it.
func TellError(tx *store.Tx, id int, text string) {
	if v, err := Kind.Edit(tx, id); err == nil {
		setError(tx, v, text)
		Kind.Put(tx, v)
	}
}

// MessageAttr is where users read why placement leaves their VM waiting.
const MessageAttr = "SCHED_MESSAGE"

// ForgetMessage takes out of a VM what placement said of it: it goes on.
func ForgetMessage(tx *store.Tx, id int) {
	v, err := Kind.Edit(tx, id)
	if err == nil && v.User.Has(MessageAttr) {
		v.User.Del(MessageAttr)
		Kind.Put(tx, v)
	}
}

// setError writes USER_TEMPLATE/ERROR. As in oned it stays until another takes
// its place or the owner removes it: it says what went wrong last.
func setError(tx *store.Tx, v *VM, text string) {
	if len(text) > maxError {
		text = strings.ToValidUTF8(text[:maxError], "") + "... see more details in VM log"
	}
	v.User.Set("ERROR", tx.Now.Local().Format(time.ANSIC)+": "+text)
}
