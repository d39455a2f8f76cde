package libvirt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	lv "libvirt.org/go/libvirt"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/vmm/libvirt/words"
)

var _ drivers.Commander = (*hypervisor)(nil)

// agentPatience is how long the agent in a guest may take to answer.
const agentPatience = 15 * time.Second

// agentCall is a request to the agent (QEMU Guest Agent Protocol).
type agentCall struct {
	Execute   string         `json:"execute"`
	Arguments map[string]any `json:"arguments"`
}

// agentStatus is the answer to guest-exec and guest-exec-status.
type agentStatus struct {
	Return struct {
		PID      int    `json:"pid"`
		Exited   bool   `json:"exited"`
		ExitCode int    `json:"exitcode"`
		Signal   int    `json:"signal"`
		Out      string `json:"out-data"`
		Err      string `json:"err-data"`
	} `json:"return"`
}

// StartCommand runs a command in the guest of vm. It is split into words as by a shell, but no
// shell is run.
func (h *hypervisor) StartCommand(ctx context.Context, vm drivers.VM, command, stdin string) (int, error) {
	argv, err := words.Split(command)
	if err != nil {
		return 0, err
	}
	if len(argv) == 0 {
		return 0, errors.New("there is no command")
	}
	started, err := h.agent(ctx, vm, execCall(argv, stdin))
	return started.Return.PID, err
}

func execCall(argv []string, stdin string) agentCall {
	args := map[string]any{"path": argv[0], "arg": argv[1:], "capture-output": true}
	if stdin != "" {
		args["input-data"] = stdin
	}
	return agentCall{"guest-exec", args}
}

// CommandResult asks for the status of a command in the guest of vm. If a signal ended it, the
// exit code is the one that shells use.
func (h *hypervisor) CommandResult(ctx context.Context, vm drivers.VM, number int) (*drivers.CommandResult, error) {
	s, err := h.agent(ctx, vm, agentCall{"guest-exec-status", map[string]any{"pid": number}})
	if err != nil || !s.Return.Exited {
		return nil, err
	}
	r := &drivers.CommandResult{ExitCode: s.Return.ExitCode, Stdout: s.Return.Out, Stderr: s.Return.Err}
	if s.Return.Signal != 0 {
		r.ExitCode = 128 + s.Return.Signal
	}
	return r, nil
}

// KillCommand ends a command in the guest of vm by running kill there.
func (h *hypervisor) KillCommand(ctx context.Context, vm drivers.VM, number int) error {
	_, err := h.agent(ctx, vm, execCall([]string{"kill", "-9", strconv.Itoa(number)}, ""))
	return err
}

// agent sends a request to the agent in the guest of vm.
func (h *hypervisor) agent(ctx context.Context, vm drivers.VM, c agentCall) (s agentStatus, err error) {
	text, err := json.Marshal(c)
	if err != nil {
		return s, err
	}
	err = h.alter(ctx, vm, "asking the guest agent of", func(_ *lv.Connect, dom *lv.Domain) error {
		answer, err := dom.QemuAgentCommand(string(text), lv.DomainQemuAgentCommandTimeout(agentPatience/time.Second), 0)
		if err != nil {
			return err
		}
		return json.Unmarshal([]byte(answer), &s)
	})
	if err != nil {
		return s, fmt.Errorf("%w (the VM needs FEATURES=[GUEST_AGENT=YES], and the agent has to run in its guest)", err)
	}
	return s, nil
}
