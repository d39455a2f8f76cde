package template

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Instance is what one.template.instantiate is asked.
type Instance struct {
	ID    int
	Name  string // "" is <template>-<VM ID>
	Hold  bool
	Extra attr.Template // laid over the template
}

// Instantiate makes a VM of a template.
func Instantiate(tx *store.Tx, s vm.Settings, c *one.Caller, in Instance) (int, error) {
	origin, err := Kind.Get(tx, in.ID)
	if err != nil {
		return -1, err
	}
	t, err := Merged(s, c, origin, in)
	if err != nil {
		return -1, err
	}
	id, err := vm.Allocate(tx, s, c, t, in.Hold)
	if err != nil || in.Name != "" {
		return id, err
	}
	return id, vm.Kind.Rename(tx, c, id, origin.Name+"-"+strconv.Itoa(id))
}

// Merged is the template that the VM is made of. What only administrators may
// say is refused in what the caller adds; what the template's owner says stands.
func Merged(s vm.Settings, c *one.Caller, origin *Template, in Instance) (attr.Template, error) {
	if err := vm.CheckRestricted(s, c, "User Template", in.Extra); err != nil {
		return nil, err
	}
	t := origin.Template.Clone()
	t.Merge(in.Extra)
	t.Del("NAME")
	if in.Name != "" {
		t.Set("NAME", in.Name)
	}
	t.Set("TEMPLATE_ID", strconv.Itoa(origin.ID))
	return t, nil
}
