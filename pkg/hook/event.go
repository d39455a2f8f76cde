package hook

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Event triggers hooks, and is published on the event bus: an object has entered a state, or an
// API call has ended.
type Event struct {
	Call string // the name of the API method; "" for a state
	OK   bool   // whether the call succeeded

	Object  string // VM, HOST, IMAGE or NET
	ID      int
	State   string
	LCM     string // for VMs
	Service string // the OneFlow service that the VM belongs to
	Host    string // the host, or that of the VM

	// Lane keeps the order: hooks of events in the same lane run one after the other.
	Lane string
	// Body renders the object, or CALL_INFO. It is called only if a hook or a subscriber needs it.
	Body func(r store.Reader) []byte
}

// IsCall reports whether the event is an API call, not a state.
func (e Event) IsCall() bool { return e.Call != "" }

func (e Event) key() string {
	if e.IsCall() {
		return e.Call
	}
	return stateKey(e.Object, e.State, e.LCM)
}

// Keys in the Args of effects.
const (
	argArguments = "arguments"
	argHost      = "host"
	argRetry     = "retry"
)

// opRun is the only operation of effects on hooks.
const opRun = "run"

// Fire queues the hooks that an event triggers.
func Fire(tx *store.Tx, e Event) {
	var body *string
	for _, id := range waiting(tx)[e.key()] {
		h, ok := Kind.Table.Get(tx, store.ID(id))
		if !ok {
			continue
		}
		queue(tx, id, e.Lane, effect.Args{argArguments: arguments(h, e, bodyOnce(tx, e, &body)), argHost: hostOf(e)})
	}
}

// hostOf is the host for remote hooks. API calls have none.
func hostOf(e Event) string {
	if e.IsCall() {
		return ""
	}
	return e.Host
}

func queue(tx *store.Tx, id int, lane string, args effect.Args) {
	effect.Put(tx, effect.Effect{Kind: one.KindHook, Object: id, Op: opRun, Host: effect.HookRunner, Lane: lane, Args: args})
}

// bodyOnce renders the document as base64 when a hook first needs it.
func bodyOnce(r store.Reader, e Event, made **string) func() string {
	return func() string {
		if *made == nil {
			text := base64.StdEncoding.EncodeToString(e.Body(r))
			*made = &text
		}
		return **made
	}
}

// arguments replaces $TEMPLATE (for states) or $API (for calls) in ARGUMENTS by the document,
// and the other variable by nothing.
func arguments(h *Hook, e Event, body func() string) string {
	words := strings.Fields(h.Template.Get("ARGUMENTS"))
	for i, w := range words {
		switch {
		case w == "$API" && e.IsCall(), w == "$TEMPLATE" && !e.IsCall():
			words[i] = body()
		case w == "$API" || w == "$TEMPLATE":
			words[i] = ""
		}
	}
	return strings.TrimSpace(strings.Join(words, " "))
}

// Wanted reports whether a hook waits for an API call.
func Wanted(r store.Reader, call string) bool { return len(waiting(r)[call]) > 0 }

// waiting lists the IDs of hooks by the event they wait for, in order.
func waiting(r store.Reader) map[string][]int {
	return store.Derived(r, Kind.Table, func() map[string][]int {
		by := map[string][]int{}
		for row := range Kind.Table.All(r) {
			by[row.Val.key()] = append(by[row.Val.key()], row.Val.ID)
		}
		return by
	})
}

// LaneOfCall is the lane of API calls on an object, which is also the lane of its states.
func LaneOfCall(noun string, id int) string { return noun + " " + strconv.Itoa(id) }
