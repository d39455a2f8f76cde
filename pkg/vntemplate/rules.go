package vntemplate

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Allocate registers a network template. Restricted attributes are allowed: only trusted users
// may create network templates.
func Allocate(tx *store.Tx, c *one.Caller, t attr.Template) (int, error) {
	v := &VNTemplate{Meta: object.Meta{Name: t.Get("NAME"), Template: t}, RegTime: tx.Now.Unix()}
	v.Template.Del("NAME")
	v.Own(c)
	id, err := Kind.Add(tx, v)
	if err == nil && v.Template.Get("VN_MAD") == "" {
		return -1, one.Errorf(one.CodeInternal, "Error inserting Template in DB. VN_MAD is mandatory")
	}
	return id, err
}

// Clone registers a copy under another name.
func Clone(tx *store.Tx, c *one.Caller, id int, name string) (int, error) {
	origin, err := Kind.Get(tx, id)
	if err != nil {
		return -1, err
	}
	t := origin.Template.Clone()
	t.Set("NAME", name)
	return Allocate(tx, c, t)
}

// Delete removes a template. Networks that were made from it stay.
func Delete(tx *store.Tx, id int) error {
	if _, err := Kind.Get(tx, id); err != nil {
		return err
	}
	Kind.Remove(tx, id)
	return nil
}

// Update serves one.vntemplate.update. Restricted attributes stay as they are, unless the
// caller is an administrator.
func Update(tx *store.Tx, s network.Settings, c *one.Caller, id int, text string, appendTo bool) error {
	return Kind.UpdateWith(tx, id, text, appendTo, func(old, v *VNTemplate) error {
		return s.Restricted.Guard(c, old.Template, &v.Template, appendTo)
	})
}
