// Package vntemplate implements network templates, from which users make networks although they
// may not set all attributes of a network.
package vntemplate

import (
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// VNTemplate is a network template.
type VNTemplate struct {
	object.Meta
	RegTime int64 `cbor:"10,keyasint"`
}

// Clone implements store.Cloner.
func (t *VNTemplate) Clone() *VNTemplate {
	return &VNTemplate{Meta: t.Meta.Copy(), RegTime: t.RegTime}
}

// Kind describes network templates to the shared verbs.
var Kind = object.Define("vntemplate", object.Spec[VNTemplate]{
	Kind:     one.KindVNTemplate,
	Called:   "VN TEMPLATE",
	Names:    object.NamesPerOwner,
	Lockable: true,
})
