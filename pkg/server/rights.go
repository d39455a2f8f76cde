package server

import (
	"fmt"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// applyRights replaces oned.conf's lists by those of the settings.
func applyRights(c config.Rights, vms *vm.Settings, images *image.Settings) {
	for to, said := range map[*string]string{&vms.AdminOps: c.VMAdmin, &vms.ManageOps: c.VMManage, &vms.UseOps: c.VMUse} {
		if said != "" {
			*to = said
		}
	}
	vms.Restricted = given(c.VMRestricted, vms.Restricted)
	images.Restricted = given(c.ImageRestricted, images.Restricted)
	vms.Network.Restricted = given(c.VNetRestricted, vms.Network.Restricted)
	vms.Network.Inherit = given(c.VNetInherit, vms.Network.Inherit)
	vms.Disks.Image = given(c.ImageInherit, vms.Disks.Image)
	vms.Disks.Datastore = given(c.DSInherit, vms.Disks.Datastore)
}

// restrictedOfUsers are the attributes of users and groups that only administrators may set.
func restrictedOfUsers(c config.Rights) map[one.Kind]object.Restricted {
	return map[one.Kind]object.Restricted{
		one.KindUser:  given(c.UserRestricted, object.VMOperations()),
		one.KindGroup: given(c.GroupRestricted, object.VMOperations()),
	}
}

// given is the list of the settings, or else the default. A dash stands for an empty list.
func given[T ~[]string](said []string, otherwise T) T {
	if len(said) == 0 {
		return otherwise
	}
	return slices.DeleteFunc(T(slices.Clone(said)), func(name string) bool { return name == "-" })
}

// checkRights refuses unknown operations: a typo would make an operation need the wrong right.
func checkRights(c config.Rights) error {
	for key, list := range map[string]string{
		"vm_admin_operations": c.VMAdmin, "vm_manage_operations": c.VMManage, "vm_use_operations": c.VMUse,
	} {
		if _, err := one.ParseVMOperations(list); err != nil {
			return fmt.Errorf("rights.%s: %w", key, err)
		}
	}
	return nil
}
