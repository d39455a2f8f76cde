// Package hook is the noun hook: a command that runs when an object changes its
// state, or after a call of the API. What it has run is kept in its log.
//
// A hook that an event sets off is an effect in the very transaction of that
// event: a crash loses neither without the other.
package hook

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Hook is a hook. Its owner is oneadmin, always.
type Hook struct {
	object.Meta
	Type Type `cbor:"10,keyasint"`
}

// Type tells what a hook waits for.
type Type string

// The types.
const (
	State Type = "state" // an object of RESOURCE that comes to STATE and LCM_STATE
	API   Type = "api"   // a call of CALL that has ended
)

// Clone implements store.Cloner.
func (h *Hook) Clone() *Hook { return &Hook{Meta: h.Meta.Copy(), Type: h.Type} }

// Kind describes hooks to the shared verbs.
var Kind = object.Define("hook", object.Spec[Hook]{Kind: one.KindHook, Names: object.NamesGlobal, Lockable: true})

// Command is what it runs.
func (h *Hook) Command() string { return h.Template.Get("COMMAND") }

// Remote tells whether it runs on the host that the event names.
func (h *Hook) Remote() bool { return isYes(h.Template.Get("REMOTE")) }

// Stdin tells whether the arguments are written to the command instead of
// standing behind it.
func (h *Hook) Stdin() bool {
	v := h.Template.Get("ARGUMENTS_STDIN")
	return isYes(v) || strings.EqualFold(v, "true")
}

// Seconds is how long it may run, 0 where it does not say.
func (h *Hook) Seconds() int {
	n, _ := h.Template.Int("TIMEOUT")
	return max(n, 0)
}

// key is what an event has to be called to set the hook off.
func (h *Hook) key() string {
	if h.Type == API {
		return h.Template.Get("CALL")
	}
	return stateKey(h.Template.Get("RESOURCE"), h.Template.Get("STATE"), h.Template.Get("LCM_STATE"))
}

// stateKey names a state of a kind of object.
func stateKey(resource, state, lcm string) string { return resource + "/" + state + "/" + lcm }

// Delete takes a hook out, with its log and what it still was to run.
func Delete(tx *store.Tx, id int) error {
	if _, err := Kind.Get(tx, id); err != nil {
		return err
	}
	for row := range Log.Of(tx, id) {
		Log.Delete(tx, row.Key)
	}
	effect.Cancel(tx, one.KindHook, id)
	Kind.Remove(tx, id)
	return nil
}
