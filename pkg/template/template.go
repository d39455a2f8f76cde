// Package template implements VM templates, from which VMs are instantiated.
package template

import (
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// Template is a VM template.
type Template struct {
	object.Meta
	RegTime int64 `cbor:"10,keyasint"`
}

// Clone implements store.Cloner.
func (t *Template) Clone() *Template { return &Template{Meta: t.Meta.Copy(), RegTime: t.RegTime} }

// Kind describes VM templates to the shared verbs.
var Kind = object.Define("template", object.Spec[Template]{
	Kind:     one.KindTemplate,
	Names:    object.NamesPerOwner,
	Lockable: true,
	Updating: updating,
})
