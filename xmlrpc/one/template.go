package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
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
		{name: "one.template.allocate", params: params(pTemplate), may: createFrom(one.KindTemplate, 1), do: change(templateAllocate)},
		{name: "one.template.delete", params: params(pID, flag("with images")), may: on(template.Kind, one.Manage, 1), do: deleting(one.KindTemplate, templateDelete)},
		{name: "one.template.info", params: params(pID, flag("with attributes of images"), flag("decrypt secrets")), may: mayTemplateInfo, do: templateInfo},
		updateOf("template", template.Kind, one.Manage),
		renameOf("template", template.Kind, one.Manage),
		templateChmod(flag("with images")),
		chownOf("template", template.Kind),
		lockOf("template", template.Kind),
		unlockOf("template", template.Kind),
		{
			name: "one.template.clone", params: params(pID, pName, flag("with images")),
			may: mayClone(template.Kind, one.KindTemplate), do: change(templateClone),
		},
		{
			name:   "one.template.instantiate",
			params: params(pID, xmlrpc.Param{Name: "VM name", Type: xmlrpc.String}, flag("hold"), extra, flag("persistent")),
			may:    mayInstantiate, do: change(templateInstantiate),
		},
		templates.filteredOf("templatepool"),
	}
}

var templates = pool[template.Template]{kind: template.Kind, root: "VMTEMPLATE_POOL", write: render.Template}

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

// mayTemplateInfo needs USE of the template, and in the extended form of everything it
// names. Locks do not prevent reading.
func mayTemplateInfo(c *call) ([]acl.Ask, error) {
	asks, err := basic(template.Kind, one.UseNoLock, 1)(c)
	if err != nil || !c.Bool(2) || c.Int(1) < 0 {
		return asks, err
	}
	t, err := template.Kind.Get(c.Snap, c.Int(1))
	if err != nil {
		return nil, err
	}
	for _, ask := range vm.Needs(c.Snap, c.Caller, t.Template) {
		ask.Right = one.UseNoLock
		asks = append(asks, ask)
	}
	return asks, nil
}

func templateInfo(_ context.Context, s *Server, c *call) (any, error) {
	row, err := asked(s, c, template.Kind, c.Int(1), 3)
	if err != nil {
		return nil, err
	}
	if c.Bool(2) {
		return text(fresh(c.Snap, template.Extended(c.Snap, s.VMs.Disks, c.Caller.UID, row.Val), render.Template)), nil
	}
	return text(templates.element(c.Snap, row)), nil
}

// templateChmod is chmod with one argument more.
func templateChmod(withImages xmlrpc.Param) method {
	m := chmodOf("template", template.Kind)
	m.params = append(m.params, withImages)
	m.do = change(func(tx *store.Tx, _ *Server, c *call) (int, error) {
		if c.Bool(11) {
			return c.Int(1), template.ChmodWithImages(tx, c.Caller, c.Int(1), chmodBits(c))
		}
		return c.Int(1), template.Kind.Chmod(tx, c.Caller, c.Int(1), chmodBits(c))
	})
	return m
}

func templateClone(tx *store.Tx, s *Server, c *call) (int, error) {
	if !c.Bool(3) {
		return template.Clone(tx, c.Caller, c.Int(1), c.Text(2))
	}
	return template.CloneWithImages(tx, s.Images, c.Caller, c.Int(1), c.Text(2))
}

// mayInstantiate needs USE of the template and of everything the VM will use, and the right
// to create what a persistent VM gets for itself.
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
	t, err := template.Merged(c.Server.VMs, c.Caller, origin, extra)
	if err != nil {
		return nil, err
	}
	as, err := actAs(c, &t)
	if err != nil {
		return nil, err
	}
	if len(extra) > 0 || c.Bool(5) {
		asks = append(asks, acl.ToCreate(one.KindTemplate))
	}
	if c.Bool(5) {
		asks = append(asks, template.NeedsToCopy(c.Snap, as, t)...)
	}
	return nil, acl.Check(c.Snap, as, append(asks, vm.Needs(c.Snap, as, t)...)...)
}

func templateInstantiate(tx *store.Tx, s *Server, c *call) (int, error) {
	extra, err := object.ParseTemplate(c.Text(4))
	if err != nil {
		return -1, err
	}
	as, err := instanceFor(tx, c, extra)
	if err != nil {
		return -1, err
	}
	return template.Instantiate(tx, template.Settings{VMs: s.VMs, Images: s.Images}, c.Caller, template.Instance{
		ID: c.Int(1), Name: c.Text(2), Hold: c.Bool(3), Extra: extra, Persistent: c.Bool(5), For: as,
	})
}

// instanceFor returns who will own a new VM: the caller, or whoever AS_UID names.
func instanceFor(r store.Reader, c *call, extra attr.Template) (*one.Caller, error) {
	origin, err := template.Kind.Get(r, c.Int(1))
	if err != nil {
		return nil, err
	}
	t, err := template.Merged(c.Server.VMs, c.Caller, origin, extra)
	if err != nil {
		return nil, err
	}
	return actAs(c, &t)
}
