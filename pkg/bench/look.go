package bench

import (
	"context"
	"encoding/xml"
	"fmt"

	"github.com/renkei-vpe/renkei/pkg/client"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// seen is a VM in an answer of one.vm.info.
type seen struct {
	state  one.VMState
	lcm    one.LCMState
	domain string // deploy ID
	reason string
}

const stateDone = one.VMDone

func look(ctx context.Context, c *client.Client, id int) (seen, error) {
	answer, err := c.Call(ctx, "one.vm.info", id, false)
	if err != nil {
		return seen{}, err
	}
	var doc struct {
		State one.VMState  `xml:"STATE"`
		LCM   one.LCMState `xml:"LCM_STATE"`
		Name  string       `xml:"DEPLOY_ID"`
		User  struct {
			Error   string `xml:"ERROR"`
			Message string `xml:"SCHED_MESSAGE"`
		} `xml:"USER_TEMPLATE"`
	}
	if err := xml.Unmarshal([]byte(answer.Text), &doc); err != nil {
		return seen{}, fmt.Errorf("reading the answer about VM %d: %w", id, err)
	}
	return seen{doc.State, doc.LCM, doc.Name, doc.User.Error + doc.User.Message}, nil
}

func (s seen) running() bool { return s.state == one.VMActive && s.lcm == one.LCMRunning }

// pastProlog tells whether the disks are on the host.
func (s seen) pastProlog() bool {
	return s.state == one.VMActive && s.lcm != one.LCMInit && s.lcm != one.LCMProlog && s.lcm != one.LCMPrologFailure
}

func (s seen) failed() bool {
	return s.state == one.VMActive && (s.lcm == one.LCMPrologFailure || s.lcm == one.LCMBootFailure) || s.state == one.VMDone
}
