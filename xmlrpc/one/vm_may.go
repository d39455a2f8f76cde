package one

import (
	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// onVM needs the right for an action on the VM in argument 1.
func onVM(action one.HistoryAction) may {
	return func(c *call) ([]acl.Ask, error) { return askVM(c, action, 1) }
}

func askVM(c *call, action one.HistoryAction, n int) ([]acl.Ask, error) {
	return askOn(c, vm.Kind, vm.Right(c.Snap, c.Server.VMs, c.Caller, action), c.Int(n))
}

// vmMayAction needs the right for the named action, or MANAGE for an unknown one, which the
// rule will refuse.
func vmMayAction(c *call) ([]acl.Ask, error) {
	action := one.ActionNone
	if ev, known := lifecycle.ParseAction(c.Text(1)); known {
		action = ev.Action()
	}
	return askVM(c, action, 2)
}

func vmMayRecover(c *call) ([]acl.Ask, error) {
	ev, err := vm.ParseRecovery(c.Int(2))
	if err != nil {
		return nil, err
	}
	return askVM(c, ev.Action(), 1)
}

// onGivenStore needs USE of the datastore in argument n, if one is given.
func onGivenStore(n int) may { return onGiven(datastore.Kind, one.Use, n) }

// onVMAnd needs the right for an action, and USE of what the template in argument n names.
func onVMAnd(action one.HistoryAction, n int) may {
	return func(c *call) ([]acl.Ask, error) {
		asks, err := askVM(c, action, 1)
		if err != nil {
			return nil, err
		}
		t, err := object.ParseTemplate(c.Text(n))
		if err != nil {
			return nil, err
		}
		return append(asks, vm.Needs(c.Snap, c.Caller, t)...), nil
	}
}

// onVMDisk needs the right for an action, and MANAGE of the image of the disk in argument 2 if
// it is persistent, because the image changes.
func onVMDisk(action one.HistoryAction) may {
	return func(c *call) ([]acl.Ask, error) {
		asks, err := askVM(c, action, 1)
		if err != nil {
			return nil, err
		}
		v, _ := vm.Kind.Table.Get(c.Snap, store.ID(c.Int(1)))
		d := v.Disk(c.Int(2))
		id, named := d.Int("IMAGE_ID")
		if persistent, _ := d.Bool("PERSISTENT"); !named || !persistent {
			return asks, nil
		}
		more, err := askOn(c, image.Kind, one.Manage, id)
		return append(asks, more...), err
	}
}
