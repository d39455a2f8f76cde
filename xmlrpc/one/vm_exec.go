package one

import (
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// vmExecMethods are the commands in guests. Two of them also have the names that the Java
// binding uses, which oned does not have.
func vmExecMethods() []method {
	retry := method{name: "one.vm.retryexec", params: params(pID), may: onVM(one.ActionExecRetry), do: change(vmRetryExec)}
	cancel := method{name: "one.vm.cancelexec", params: params(pID), may: onVM(one.ActionExecCancel), do: change(vmCancelExec)}
	retryOfJava, cancelOfJava := retry, cancel
	retryOfJava.name, cancelOfJava.name = "one.vm.exec_retry", "one.vm.exec_cancel"
	text := func(name string) xmlrpc.Param { return xmlrpc.Param{Name: name, Type: xmlrpc.String} }
	return []method{
		{name: "one.vm.exec", params: params(pID, text("command"), text("stdin")), may: onVM(one.ActionExec), do: change(vmExec)},
		retry, cancel, retryOfJava, cancelOfJava,
	}
}

func vmExec(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), vm.Exec(tx, s.VMs, c.Caller, c.Int(1), c.Text(2), c.Text(3))
}

func vmRetryExec(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), vm.RetryExec(tx, s.VMs, c.Caller, c.Int(1))
}

func vmCancelExec(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), vm.CancelExec(tx, s.VMs, c.Caller, c.Int(1))
}
