// Package hook implements hooks: commands that run when an object enters a state, or after an
// API call. Their runs are logged.
//
// The transaction of an event also queues its hooks, so that a crash cannot lose one without
// the other.
package hook

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Hook is a hook. Its owner is always oneadmin.
type Hook struct {
	object.Meta
	Type Type `cbor:"10,keyasint"`
}

// Type is the kind of event that triggers a hook.
type Type string

// The types.
const (
	State Type = "state" // an object of RESOURCE enters STATE and LCM_STATE
	API   Type = "api"   // the API method CALL was called
)

// Clone implements store.Cloner.
func (h *Hook) Clone() *Hook { return &Hook{Meta: h.Meta.Copy(), Type: h.Type} }

// Kind describes hooks to the shared verbs.
var Kind = object.Define("hook", object.Spec[Hook]{Kind: one.KindHook, Names: object.NamesGlobal, Lockable: true})

func (h *Hook) Command() string { return h.Template.Get("COMMAND") }

// Remote reports whether the command runs on the host of the event.
func (h *Hook) Remote() bool { return isYes(h.Template.Get("REMOTE")) }

// Stdin reports whether the arguments go to the command's standard input, not its command line.
func (h *Hook) Stdin() bool {
	v := h.Template.Get("ARGUMENTS_STDIN")
	return isYes(v) || strings.EqualFold(v, "true")
}

// Seconds is the TIMEOUT of the command, or 0.
func (h *Hook) Seconds() int {
	n, _ := h.Template.Int("TIMEOUT")
	return max(n, 0)
}

// key identifies the event that triggers the hook.
func (h *Hook) key() string {
	if h.Type == API {
		return h.Template.Get("CALL")
	}
	return stateKey(h.Template.Get("RESOURCE"), h.Template.Get("STATE"), h.Template.Get("LCM_STATE"))
}

// stateKey is the key of a state event.
func stateKey(resource, state, lcm string) string { return resource + "/" + state + "/" + lcm }

// Delete removes a hook, its log and its queued runs.
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
