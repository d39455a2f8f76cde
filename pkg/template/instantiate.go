package template

import (
	"errors"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Settings are those of what templates are made into.
type Settings struct {
	VMs    vm.Settings
	Images image.Settings
}

// Instance is what one.template.instantiate is asked.
type Instance struct {
	ID         int
	Name       string // "" is <template>-<VM ID>
	Hold       bool
	Extra      attr.Template // laid over the template
	Persistent bool          // the VM gets a template and images of its own
	For        *one.Caller   // who is to own the VM
}

// Instantiate makes a VM of a template. A persistent one begins with a copy of
// the template and of its images, which the VM then waits for.
func Instantiate(tx *store.Tx, s Settings, c *one.Caller, in Instance) (int, error) {
	origin, err := Kind.Get(tx, in.ID)
	if err != nil {
		return -1, err
	}
	if router, _ := origin.Template.Bool("VROUTER"); router {
		return -1, one.Errorf(one.CodeAction, "Virtual router templates cannot be instantiated")
	}
	t, err := Merged(s.VMs, c, origin, in.Extra)
	if err != nil {
		return -1, err
	}
	t.Del("AS_UID")
	t.Del("AS_GID")
	if in.Persistent {
		if origin, err = own(tx, s.Images, in.For, origin, t, in.Name); err != nil {
			return -1, err
		}
		t = origin.Template.Clone()
		t.Set("CLONING_TEMPLATE_ID", strconv.Itoa(in.ID))
	}
	return Make(tx, s.VMs, in.For, Cast{Origin: origin, Template: t, Name: in.Name, Hold: in.Hold, About: one.KindTemplate})
}

// Cast is a VM that is made of what became of a template.
type Cast struct {
	Origin   *Template
	Template attr.Template
	Name     string // "" is <template>-<VM ID>
	Hold     bool
	About    one.Kind // what the call is about: a refusal names it
}

// Make makes a VM.
func Make(tx *store.Tx, s vm.Settings, c *one.Caller, m Cast) (int, error) {
	t := m.Template
	for _, name := range []string{"NAME", "TEMPLATE_NAME", "TEMPLATE_ID"} {
		t.Del(name)
	}
	t.Set("TEMPLATE_ID", strconv.Itoa(m.Origin.ID))
	t.Set("TEMPLATE_NAME", m.Origin.Name)
	if m.Name != "" {
		t.Set("NAME", m.Name)
	}
	shaped := t.Clone()
	if err := vm.CheckTopology(&shaped); err != nil {
		return -1, m.refused(err)
	}
	id, err := vm.Allocate(tx, s, c, t, m.Hold)
	if errors.Is(err, one.ErrInternal) && !ofSchedule(t, err) {
		err = m.refused(err)
	}
	return id, err
}

// ofSchedule tells whether err is about the scheduled actions. oned adds those to a VM that
// is made already, so what it says of them does not begin like the rest.
func ofSchedule(t attr.Template, err error) bool {
	refusal := checkSchedule(t)
	return refusal != nil && refusal.Error() == err.Error()
}

// refused is how calls about something else say what one.vm.allocate says of a bad
// template: with another code, and with what they are about before it.
func (m Cast) refused(err error) *one.Error {
	return one.Errorf(one.CodeAllocate, "Error allocating a new %s. %v", m.About.Text(), err)
}

// own makes the template that belongs to a persistent VM.
func own(tx *store.Tx, s image.Settings, c *one.Caller, origin *Template, t attr.Template, name string) (*Template, error) {
	if name == "" {
		name = origin.Name + "-copy"
	}
	id, err := addWithImages(tx, s, c, name, t, true)
	if err != nil {
		return nil, err
	}
	return Kind.Get(tx, id)
}

// Merged is a template with what a caller adds. What only administrators may
// say is refused in that; what the template's owner says stands.
func Merged(s vm.Settings, c *one.Caller, origin *Template, extra attr.Template) (attr.Template, error) {
	if err := vm.CheckAdded(s, c, "User Template", origin.Template, extra); err != nil {
		return nil, err
	}
	t := origin.Template.Clone()
	t.Merge(extra)
	return t, nil
}
