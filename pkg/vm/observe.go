package vm

import (
	"errors"
	"strconv"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// observations maps states of a domain to events. Other states are ignored.
var observations = map[drivers.DomainState]lifecycle.Event{
	drivers.DomainRunning: lifecycle.SeenRunning,
	drivers.DomainPaused:  lifecycle.SeenSuspended,
	drivers.DomainOff:     lifecycle.SeenPoweroff,
	drivers.DomainFailed:  lifecycle.SeenFailed,
}

// Observe updates a VM from the state of its domain that monitoring found on a host; began is
// when monitoring began. A domain that the host does not list is DomainOff. Observations are
// ignored if they are older than the VM's status, or if an effect is changing the domain.
func Observe(tx *store.Tx, s Settings, id, hostID int, state drivers.DomainState, began time.Time) error {
	ev, news := observations[state]
	v, ok := Kind.Table.Get(tx, store.ID(id))
	if !ok || !news || !concerns(tx, v, hostID, began) || !lifecycle.Can(v.Status(), ev) {
		return nil
	}
	return observe(tx, s, id, ev)
}

// concerns tells whether an observation can apply to the VM's current status.
func concerns(r store.Reader, v *VM, hostID int, began time.Time) bool {
	rec := v.Last()
	if rec == nil || rec.HostID != hostID || began.Unix() <= v.Changed {
		return false
	}
	switch v.LCM {
	case one.LCMShutdown, one.LCMShutdownPoweroff, one.LCMShutdownUndeploy:
		return true // the effect waits for the guest to shut down
	}
	return len(effect.Of(r, one.KindVM, v.ID)) == 0
}

func observe(tx *store.Tx, s Settings, id int, ev lifecycle.Event) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	return Fire(tx, s, v, ev, Cause{})
}

// HostLost sets the VMs on an unreachable host to UNKNOWN.
func HostLost(tx *store.Tx, s Settings, hostID int) error {
	var ids []int
	for row := range ByHost.Find(tx, strconv.Itoa(hostID)) {
		v := row.Val
		if v.Last().HostID == hostID && lifecycle.Can(v.Status(), lifecycle.HostLost) {
			ids = append(ids, v.ID)
		}
	}
	var errs []error
	for _, id := range ids {
		errs = append(errs, observe(tx, s, id, lifecycle.HostLost))
	}
	return errors.Join(errs...)
}
