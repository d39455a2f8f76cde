package hook

import (
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// resource checks the templates of hooks for one RESOURCE: take for new hooks, mend for updated
// ones.
type resource struct {
	take, mend func(t *attr.Template) error
}

// resources are the possible values of RESOURCE.
var resources = map[string]resource{
	"VM":    {takeVM, mendVM},
	"HOST":  {takeHost, mendWith(parseHost)},
	"IMAGE": {takeImage, mendWith(parseImage)},
	"NET":   {takeNet, mendWith(parseNet)},
}

func resourceOf(t attr.Template) (resource, error) {
	name := t.Get("RESOURCE")
	if name == "" {
		return resource{}, one.Errorf(one.CodeInternal, "RESOURCE attribute is required for STATE hooks.")
	}
	r, ok := resources[name]
	if !ok {
		return resource{}, one.Errorf(one.CodeInternal, "Invalid resource type: %s", name)
	}
	return r, nil
}

// on are the names of VM states that hooks have had since OpenNebula 2.
var on = map[string]struct {
	state one.VMState
	lcm   one.LCMState
}{
	"PROLOG":   {one.VMActive, one.LCMProlog},
	"RUNNING":  {one.VMActive, one.LCMRunning},
	"SHUTDOWN": {one.VMActive, one.LCMEpilog},
	"STOP":     {one.VMStopped, one.LCMInit},
	"DONE":     {one.VMDone, one.LCMInit},
	"UNKNOWN":  {one.VMActive, one.LCMUnknown},
}

func takeVM(t *attr.Template) error {
	name := strings.ToUpper(t.Get("ON"))
	t.Del("ON")
	if name == "CUSTOM" {
		return takeCustom(t)
	}
	known, ok := on[name]
	if !ok {
		return one.Errorf(one.CodeInternal, "Unkown state condition: %s", name)
	}
	t.Set("STATE", known.state.String())
	t.Set("LCM_STATE", known.lcm.String())
	return nil
}

func takeCustom(t *attr.Template) error {
	state, lcm := strings.ToUpper(t.Get("STATE")), strings.ToUpper(t.Get("LCM_STATE"))
	if _, ok := one.ParseVMState(state); !ok {
		return one.Errorf(one.CodeInternal, "Wrong STATE: %s", state)
	}
	if _, ok := one.ParseLCMState(lcm); !ok {
		return one.Errorf(one.CodeInternal, "Wrong LCM_STATE: %s", lcm)
	}
	t.Set("STATE", state)
	t.Set("LCM_STATE", lcm)
	return nil
}

func mendVM(t *attr.Template) error {
	state, lcm := strings.ToUpper(t.Get("STATE")), strings.ToUpper(t.Get("LCM_STATE"))
	if _, ok := one.ParseVMState(state); !ok {
		return undefined("STATE")
	}
	if _, ok := one.ParseLCMState(lcm); !ok {
		return undefined("LCM_STATE")
	}
	t.Set("STATE", state)
	t.Set("LCM_STATE", lcm)
	return nil
}

func takeHost(t *attr.Template) error { return takeState(t, parseHost, "Invalid STATE: ") }

func takeImage(t *attr.Template) error {
	if !t.Has("STATE") {
		return one.Errorf(one.CodeInternal, "Hook STATE attribute not found or invalid")
	}
	return takeState(t, parseImage, "Invalid or unkown STATE condition: ")
}

func takeNet(t *attr.Template) error { return takeState(t, parseNet, "Invalid STATE: ") }

// parser normalizes the name of a state; ok is false for unknown ones.
type parser func(text string) (string, bool)

func takeState(t *attr.Template, parse parser, refusal string) error {
	text := t.Get("STATE")
	state, ok := parse(text)
	if !ok {
		return one.Errorf(one.CodeInternal, "%s%s", refusal, state)
	}
	t.Set("STATE", state)
	return nil
}

func mendWith(parse parser) func(t *attr.Template) error {
	return func(t *attr.Template) error {
		state, ok := parse(t.Get("STATE"))
		if !ok {
			return undefined("STATE")
		}
		t.Set("STATE", state)
		return nil
	}
}

// parseHost accepts the host states that exist since OpenNebula 6.0.
func parseHost(text string) (string, bool) {
	text = strings.ToUpper(text)
	return text, slices.Contains([]string{"INIT", "MONITORED", "ERROR", "DISABLED", "OFFLINE"}, text)
}

// parseImage returns the name of the state in events, which do not distinguish persistent
// images.
func parseImage(text string) (string, bool) {
	text = strings.ToUpper(text)
	state, ok := one.ParseImageState(text)
	if !ok || state == one.ImageInit {
		return text, false
	}
	return imageState(state), true
}

// parseNet is case-sensitive and does not accept UPDATE_FAILURE, as in oned.
func parseNet(text string) (string, bool) {
	return text, slices.Contains([]string{"READY", "LOCK_CREATE", "LOCK_DELETE", "DONE", "ERROR"}, text)
}

// imageState is the name of an image's state in events.
func imageState(s one.ImageState) string {
	switch s {
	case one.ImageUsedPers:
		s = one.ImageUsed
	case one.ImageLockedUsedPers:
		s = one.ImageLockedUsed
	}
	return s.String()
}
