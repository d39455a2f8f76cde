package one

import (
	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/template"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func templateMethods() []method {
	flag := func(name string) xmlrpc.Param {
		return xmlrpc.Param{Name: name, Type: xmlrpc.Bool, Optional: true, Default: false}
	}
	extra := xmlrpc.Param{Name: "extra template", Type: xmlrpc.String, Optional: true, Default: ""}
	return []method{
		{name: "one.template.allocate", params: params(pTemplate), may: create(one.KindTemplate), do: change(templateAllocate)},
		{name: "one.template.delete", params: params(pID, flag("with images")), may: on(template.Kind, one.Manage, 1), do: deleting(one.KindTemplate, templateDelete)},
		templates.infoOf("template"),
		updateOf("template", template.Kind, one.Manage),
		renameOf("template", template.Kind, one.Manage),
		chmodOf("template", template.Kind),
		chownOf("template", template.Kind),
		lockOf("template", template.Kind),
		unlockOf("template", template.Kind),
		{
			name: "one.template.clone", params: params(pID, pName, flag("with images")),
			may: all(create(one.KindTemplate), on(template.Kind, one.Use, 1)), do: change(templateClone),
		},
		{
			name:   "one.template.instantiate",
			params: params(pID, xmlrpc.Param{Name: "VM name", Type: xmlrpc.String, Optional: true, Default: ""}, flag("hold"), extra, flag("persistent")),
			may:    mayInstantiate, do: change(templateInstantiate),
		},
		templates.filteredOf("templatepool"),
	}
}

var templates = pool[template.Template]{
	kind: template.Kind, root: "VMTEMPLATE_POOL",
	element: func(r store.Reader, row *store.Row[template.Template]) []byte {
		return made(r, row, formInfo, render.Template)
	},
}

func templateAllocate(tx *store.Tx, s *Server, c *call) (int, error) {
	t, err := object.ParseTemplate(c.Text(1))
	if err != nil {
		return -1, err
	}
	return template.Allocate(tx, s.VMs, c.Caller, t)
}

func templateDelete(tx *store.Tx, _ *Server, c *call) (int, error) {
	if !c.Bool(2) {
		return c.Int(1), template.Delete(tx, c.Int(1))
	}
	return c.Int(1), template.DeleteWithImages(tx, c.Caller, c.Int(1))
}

func templateClone(tx *store.Tx, s *Server, c *call) (int, error) {
	if !c.Bool(3) {
		return template.Clone(tx, c.Caller, c.Int(1), c.Text(2))
	}
	return template.CloneWithImages(tx, s.Images, c.Caller, c.Int(1), c.Text(2), false)
}

// mayInstantiate needs the template, and what the VM will use.
func mayInstantiate(c *call) ([]acl.Ask, error) {
	asks, err := askOn(c, template.Kind, one.Use, c.Int(1))
	if err != nil {
		return nil, err
	}
	origin, err := template.Kind.Get(c.Snap, c.Int(1))
	if err != nil {
		return nil, err
	}
	extra, err := object.ParseTemplate(c.Text(4))
	if err != nil {
		return nil, err
	}
	merged := origin.Template.Clone()
	merged.Merge(extra)
	return append(asks, vm.Needs(c.Snap, c.Caller, merged)...), nil
}

// templateInstantiate with persistence first makes the VM images and a template
// of its own.
func templateInstantiate(tx *store.Tx, s *Server, c *call) (int, error) {
	extra, err := object.ParseTemplate(c.Text(4))
	if err != nil {
		return -1, err
	}
	in := template.Instance{ID: c.Int(1), Name: c.Text(2), Hold: c.Bool(3), Extra: extra}
	if c.Bool(5) {
		if in.ID, err = template.CloneWithImages(tx, s.Images, c.Caller, c.Int(1), template.PersistentName(tx, in), true); err != nil {
			return -1, err
		}
	}
	return template.Instantiate(tx, s.VMs, c.Caller, in)
}
