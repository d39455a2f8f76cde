package hook

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Calls reports whether an API method exists.
type Calls func(name string) bool

// Allocate makes a hook from a template.
func Allocate(tx *store.Tx, t attr.Template, calls Calls) (int, error) {
	kind := Type(strings.ToLower(t.Get("TYPE")))
	if kind != State && kind != API {
		return -1, one.Errorf(one.CodeInternal, "Invalid Hook type: %s", t.Get("TYPE"))
	}
	h := &Hook{Meta: object.Meta{Name: t.Get("NAME"), UName: "oneadmin", GName: "oneadmin"}, Type: kind}
	if err := nameIsFree(tx, h.Name); err != nil {
		return -1, err
	}
	if err := h.take(t, calls); err != nil {
		return -1, err
	}
	return Kind.Add(tx, h)
}

// nameIsFree refuses a name that exists. For hooks, oned checks this first, and with another
// text than for other kinds.
func nameIsFree(tx *store.Tx, name string) error {
	if object.CheckName(name, "") != nil {
		return one.Errorf(one.CodeInternal, "Invalid name.")
	}
	if other, taken := Kind.Named(tx, name, 0); taken {
		return one.Errorf(one.CodeInternal, "NAME is already taken by Hook %d.", other.ID)
	}
	return nil
}

// take checks the template of a new hook and normalizes it.
func (h *Hook) take(t attr.Template, calls Calls) error {
	t.Del("NAME")
	t.Del("TYPE")
	command := t.Get("COMMAND")
	if command == "" {
		return one.Errorf(one.CodeInternal, "No COMMAND in template for Hook.")
	}
	t.Set("COMMAND", command)
	t.Set("REMOTE", attr.YesNo(isYes(t.Get("REMOTE"))))
	h.Template = t
	if h.Type == API {
		return takeCall(&h.Template, calls)
	}
	resource, err := resourceOf(t)
	if err != nil {
		return err
	}
	return resource.take(&h.Template)
}

// takeCall checks the CALL of a new hook.
func takeCall(t *attr.Template, calls Calls) error {
	call := t.Get("CALL")
	if !calls.has(call) {
		return one.Errorf(one.CodeInternal, "API call does not exist or is not supported: %s", call)
	}
	t.Set("CALL", call)
	return nil
}

// has reports whether an API method can have hooks. Names with the prefix one.internal are
// events of the server itself.
func (c Calls) has(name string) bool {
	return strings.HasPrefix(name, "one.internal") || c(name) && Told(name)
}

// Update replaces the template of a hook, or merges another template into it.
func Update(tx *store.Tx, id int, text string, merge bool, calls Calls) error {
	return Kind.UpdateWith(tx, id, text, merge, func(old, h *Hook) error { return h.mend(old.Template, calls) })
}

// mend checks an updated template and normalizes it. stood is the previous template: oned
// checks STATE against the previous RESOURCE, too.
func (h *Hook) mend(stood attr.Template, calls Calls) error {
	t := &h.Template
	if t.Get("COMMAND") == "" {
		return one.Errorf(one.CodeInternal, "The COMMAND attribute is not defined.")
	}
	if remote, there := t.Lookup("REMOTE"); there {
		t.Set("REMOTE", attr.YesNo(isYes(remote)))
	}
	if h.Type == State {
		return mendState(t, stood)
	}
	if !calls.has(t.Get("CALL")) {
		return undefined("CALL")
	}
	return nil
}

func mendState(t *attr.Template, stood attr.Template) error {
	for _, of := range []attr.Template{stood, *t} {
		resource, err := resourceOf(of)
		if err != nil {
			return err
		}
		if err := resource.mend(t); err != nil {
			return err
		}
	}
	return nil
}

func undefined(name string) error {
	return one.Errorf(one.CodeInternal, "The %s attribute is not defined or it's invalid.", name)
}

func isYes(s string) bool { return strings.EqualFold(s, "yes") }
