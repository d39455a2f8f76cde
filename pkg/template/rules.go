package template

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/schedule"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Allocate registers a VM template.
func Allocate(tx *store.Tx, s vm.Settings, c *one.Caller, t attr.Template) (int, error) {
	if err := vm.CheckRestricted(s, c, "VM Template", t); err != nil {
		return -1, err
	}
	if err := checkSchedule(t); err != nil {
		return -1, err
	}
	if err := vm.CheckRaw(s, t); err != nil {
		return -1, err
	}
	return add(tx, c, t.Get("NAME"), t)
}

// checkSchedule refuses a SCHED_ACTION that would be refused for a VM.
func checkSchedule(t attr.Template) error {
	for _, said := range t.Vectors("SCHED_ACTION") {
		if err := schedule.Check(said); err != nil {
			return err
		}
	}
	return nil
}

// checkName refuses a name that the caller cannot give to a new template.
func checkName(r store.Reader, c *one.Caller, name string) error {
	v := &Template{Meta: object.Meta{Name: name}}
	v.Own(c)
	return Kind.CheckName(r, &v.Meta)
}

func add(tx *store.Tx, c *one.Caller, name string, t attr.Template) (int, error) {
	v := &Template{Meta: object.Meta{Name: name, Template: t.Clone()}, RegTime: tx.Now.Unix()}
	v.Template.Del("NAME")
	v.Own(c)
	return Kind.Add(tx, v)
}

// Clone clones a template.
func Clone(tx *store.Tx, c *one.Caller, id int, name string) (int, error) {
	origin, err := Kind.Get(tx, id)
	if err != nil {
		return -1, err
	}
	return add(tx, c, name, origin.Template)
}

// Delete removes a template. VMs that were made from it stay.
func Delete(tx *store.Tx, id int) error {
	if _, err := Kind.Get(tx, id); err != nil {
		return err
	}
	Kind.Remove(tx, id)
	return nil
}

// updating refuses a SCHED_ACTION that would be refused for a VM.
func updating(_ *store.Tx, _ *one.Caller, _, t *Template) error {
	return checkSchedule(t.Template)
}
