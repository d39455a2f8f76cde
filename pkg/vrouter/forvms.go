package vrouter

import (
	"errors"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// ForVMs is what a router adds to the template of its VMs: its NICs, and the VRRP settings by
// which its VMs find each other.
func (v *VRouter) ForVMs() attr.Template {
	var t attr.Template
	for _, nic := range v.Template.Vectors("NIC") {
		t.Add(nic.Clone())
	}
	t.Set("VROUTER_ID", strconv.Itoa(v.ID))
	t.Set("VROUTER_KEEPALIVED_ID", strconv.Itoa(v.keepalived()))
	if password := v.Template.Get("KEEPALIVED_PASSWORD"); password != "" {
		t.Set("VROUTER_KEEPALIVED_PASSWORD", password)
	}
	return t
}

// keepalived is the VRRP router ID of its VMs, 1 to 255; neighbouring IDs differ.
func (v *VRouter) keepalived() int {
	if id, ok := v.Template.Int("KEEPALIVED_ID"); ok {
		return id
	}
	return v.ID%255 + 1
}

// TemplateID is the template that the router's newest VMs were made from, or -1.
func (v *VRouter) TemplateID() int {
	if id, ok := v.Template.Int("TEMPLATE_ID"); ok {
		return id
	}
	return -1
}

func refuse(format string, args ...any) error { return one.Errorf(one.CodeAction, format, args...) }

// asAction gives an error the code of action errors, but leaves authorization errors as they
// are.
func asAction(err error) error {
	var e *one.Error
	if errors.As(err, &e) && e.Code == one.CodeAuthorization {
		return err
	}
	return refuse("%v", err)
}
