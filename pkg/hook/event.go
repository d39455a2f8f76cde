package hook

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Event is what sets hooks off, and what the event bus tells: an object has come
// to a state, or a call has ended.
type Event struct {
	Call string // the name of the call; "" for a state
	OK   bool   // whether the call succeeded

	Object  string // VM, HOST, IMAGE or NET
	ID      int
	State   string
	LCM     string // of VMs
	Service string // the service that a VM belongs to
	Host    string // where a VM is, or the host itself

	// Lane keeps order: hooks of events with the same one run one by one.
	Lane string
	// Body makes the object as XML, or CALL_INFO. It is asked for only when
	// somebody wants to see it.
	Body func(r store.Reader) []byte
}

// IsCall tells a call from a state.
func (e Event) IsCall() bool { return e.Call != "" }

func (e Event) key() string {
	if e.IsCall() {
		return e.Call
	}
	return stateKey(e.Object, e.State, e.LCM)
}

// The names of what Args of an effect hold.
const (
	argArguments = "arguments"
	argHost      = "host"
	argRetry     = "retry"
)

// opRun is the one operation on hooks.
const opRun = "run"

// Fire queues the hooks that an event sets off.
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

// hostOf is where a remote hook runs: calls name no host.
func hostOf(e Event) string {
	if e.IsCall() {
		return ""
	}
	return e.Host
}

func queue(tx *store.Tx, id int, lane string, args effect.Args) {
	effect.Put(tx, effect.Effect{Kind: one.KindHook, Object: id, Op: opRun, Host: effect.HookRunner, Lane: lane, Args: args})
}

// bodyOnce makes the document when the first hook asks, as base64.
func bodyOnce(r store.Reader, e Event, made **string) func() string {
	return func() string {
		if *made == nil {
			text := base64.StdEncoding.EncodeToString(e.Body(r))
			*made = &text
		}
		return **made
	}
}

// arguments are the words of ARGUMENTS with the event's document in place of
// $TEMPLATE (states) or $API (calls); the other of the two stands for nothing.
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

// Wanted tells whether a hook waits for a call.
func Wanted(r store.Reader, call string) bool { return len(waiting(r)[call]) > 0 }

// waiting lists the hooks by what they wait for, in order.
func waiting(r store.Reader) map[string][]int {
	return store.Derived(r, Kind.Table, func() map[string][]int {
		by := map[string][]int{}
		for row := range Kind.Table.All(r) {
			by[row.Val.key()] = append(by[row.Val.key()], row.Val.ID)
		}
		return by
	})
}

// LaneOfCall is the lane of a call on an object: calls on one object keep their
// order, as its states do.
func LaneOfCall(noun string, id int) string { return noun + " " + strconv.Itoa(id) }
