package plan

import (
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Limits are how many actions may be under way at the same time.
type Limits struct {
	PerHost    int // migrations to a host
	PerCluster int
}

// Next returns the next action to start, in order, or false if the limits allow none now.
func (p *Plan) Next(l Limits) (Action, bool) {
	if p.State != Applying {
		return Action{}, false
	}
	under, to := 0, map[int]int{}
	for _, a := range p.Actions {
		if a.State == Applying {
			under++
			to[a.HostID]++
		}
	}
	for _, a := range p.Actions {
		if a.State == Ready {
			return a, under < l.PerCluster && to[a.HostID] < l.PerHost
		}
	}
	return Action{}, false
}

// Begin starts an action: the VM migrates, live if it is running.
func Begin(tx *store.Tx, s vm.Settings, cluster, id int) error {
	p := edit(tx, cluster)
	a := p.action(id)
	if a == nil || a.State != Ready || p.State != Applying {
		return nil // another transaction did it
	}
	v, err := vm.Kind.Get(tx, a.VMID)
	if err != nil {
		return err
	}
	err = vm.Migrate(tx, s, nil, a.VMID, vm.Migration{
		HostID: a.HostID, DSID: a.DSID, Live: v.LCM == one.LCMRunning, Plan: &vm.Planned{Plan: cluster, Action: a.ID},
	})
	if err != nil {
		return err
	}
	a.State, a.Time = Applying, tx.Now.Unix()
	put(tx, p)
	return nil
}

// Refused records that an action could not be started, and tells the VM's owner the reason.
func Refused(tx *store.Tx, cluster, id int, why *one.Error) {
	p := edit(tx, cluster)
	a := p.action(id)
	if a == nil || a.State != Ready {
		return
	}
	a.State, a.Time = Failed, tx.Now.Unix()
	put(tx, p)
	vm.TellError(tx, a.VMID, "["+Operation+"] "+why.Msg)
}

func (p *Plan) action(id int) *Action {
	for i := range p.Actions {
		if p.Actions[i].ID == id {
			return &p.Actions[i]
		}
	}
	return nil
}
