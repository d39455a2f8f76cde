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

// Settings are the settings of VMs and images, which are made from templates.
type Settings struct {
	VMs    vm.Settings
	Images image.Settings
}

// Instance has the arguments of one.template.instantiate.
type Instance struct {
	ID         int
	Name       string // "" means <template>-<VM ID>
	Hold       bool
	Extra      attr.Template // merged into the template
	Persistent bool          // clone the template and its images for the VM
	For        *one.Caller   // the owner of the VM
}

// Instantiate makes a VM from a template. For a persistent one, the template and its images are
// cloned first, and the VM waits for the images.
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

// Cast describes a VM to be made from a merged template.
type Cast struct {
	Origin   *Template
	Template attr.Template
	Name     string // "" means <template>-<VM ID>
	Hold     bool
	About    one.Kind // the noun of the API call, for error texts
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

// ofSchedule reports whether err is about SCHED_ACTION. oned handles these after the VM has
// been made, so that its error text has another form.
func ofSchedule(t attr.Template, err error) bool {
	refusal := checkSchedule(t)
	return refusal != nil && refusal.Error() == err.Error()
}

// refused is an error of vm.Allocate as other API calls report it: with another code, and with
// their noun.
func (m Cast) refused(err error) *one.Error {
	return one.Errorf(one.CodeAllocate, "Error allocating a new %s. %v", m.About.Text(), err)
}

// own clones the template and its images for a persistent VM.
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

// Merged merges the caller's attributes into a template. Restricted attributes are refused
// among the caller's, but allowed in the template.
func Merged(s vm.Settings, c *one.Caller, origin *Template, extra attr.Template) (attr.Template, error) {
	if err := vm.CheckAdded(s, c, "User Template", origin.Template, extra); err != nil {
		return nil, err
	}
	t := origin.Template.Clone()
	t.Merge(extra)
	return t, nil
}
