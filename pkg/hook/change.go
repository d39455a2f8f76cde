package hook

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Drawings render the objects whose states are events.
type Drawings struct {
	VM    func(r store.Reader, v *vm.VM) []byte
	Host  func(r store.Reader, h *host.Host) []byte
	Image func(r store.Reader, i *image.Image) []byte
	Net   func(r store.Reader, n *network.VNet) []byte
}

// Watch is a trigger for store.Options.Triggers. In the same transaction, it fires the event of
// every object that has changed its state.
func (d Drawings) Watch(tx *store.Tx) {
	for _, c := range tx.Changes() {
		if e, ok := d.Event(c); ok {
			Fire(tx, e)
		}
	}
}

// Event returns the event for a changed row, if the object is new or has changed its state.
func (d Drawings) Event(c store.Change) (e Event, ok bool) {
	switch c.Table {
	case vm.Kind.Table.Name():
		e, ok = d.vm(rows[vm.VM](c))
	case host.Kind.Table.Name():
		e, ok = d.host(rows[host.Host](c))
	case image.Kind.Table.Name():
		e, ok = d.image(rows[image.Image](c))
	case network.Kind.Table.Name():
		e, ok = d.net(rows[network.VNet](c))
	}
	e.Lane = e.Object + " " + strconv.Itoa(e.ID)
	return e, ok
}

// rows returns the row before and after a change; nil where there is none.
func rows[T any](c store.Change) (old, now *T) {
	old, _ = c.Old.(*T)
	now, _ = c.New.(*T)
	return old, now
}

func (d Drawings) vm(old, v *vm.VM) (Event, bool) {
	if v == nil || old != nil && old.State == v.State && old.LCM == v.LCM {
		return Event{}, false
	}
	e := Event{
		Object: "VM", ID: v.ID, State: v.State.String(), LCM: v.LCM.String(), Service: v.User.Get("SERVICE_ID"),
		Body: func(r store.Reader) []byte { return d.VM(r, v) },
	}
	if h := v.Last(); h != nil {
		e.Host = h.HostName
	}
	return e, true
}

func (d Drawings) host(old, h *host.Host) (Event, bool) {
	if h == nil || old != nil && old.State == h.State {
		return Event{}, false
	}
	return Event{
		Object: "HOST", ID: h.ID, State: h.State.String(), Host: h.Name,
		Body: func(r store.Reader) []byte { return d.Host(r, h) },
	}, true
}

func (d Drawings) image(old, i *image.Image) (Event, bool) {
	if i == nil || old != nil && old.State == i.State {
		return Event{}, false
	}
	return Event{
		Object: "IMAGE", ID: i.ID, State: imageState(i.State),
		Body: func(r store.Reader) []byte { return d.Image(r, i) },
	}, true
}

// net also makes an event of a deleted network, with the state DONE, for which hooks may wait.
func (d Drawings) net(old, n *network.VNet) (Event, bool) {
	state := one.VNetDone
	switch {
	case n == nil && (old == nil || old.State == one.VNetDone):
		return Event{}, false
	case n == nil:
		n = old
	case old != nil && old.State == n.State:
		return Event{}, false
	default:
		state = n.State
	}
	return Event{
		Object: "NET", ID: n.ID, State: state.String(),
		Body: func(r store.Reader) []byte { return d.Net(r, n) },
	}, true
}
