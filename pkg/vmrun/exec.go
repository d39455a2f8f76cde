package vmrun

import (
	"context"
	"strconv"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// exec starts the command of one.vm.exec through the guest agent.
func (j *job) exec(ctx context.Context) (engine.Outcome, error) {
	c, err := ability[drivers.Commander](j, "run commands in a guest")
	if err != nil {
		return nil, err
	}
	command, stdin := j.vm.Command()
	number, err := c.StartCommand(ctx, j.here.vm, command, stdin)
	if err != nil {
		return nil, err
	}
	return engine.Outcome{vm.OutCommand: strconv.Itoa(number)}, nil
}

// cancelExec ends that command.
func (j *job) cancelExec(ctx context.Context) error {
	number, going := j.vm.Executing()
	if !going {
		return nil
	}
	c, err := ability[drivers.Commander](j, "end commands in a guest")
	if err != nil {
		return err
	}
	return c.KillCommand(ctx, j.here.vm, number)
}
