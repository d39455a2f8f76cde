package render

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vmgroup"
)

// VMGroup writes a VM group; its roles list the VMs that are in them.
func VMGroup(w *Writer, r store.Reader, g *vmgroup.VMGroup) {
	w.Open("VM_GROUP")
	w.owned(&g.Meta)
	w.permissions(g.Perms)
	w.lock(g.Lock)
	roles := g.Roles.Clone()
	for _, role := range roles.Vectors("ROLE") {
		if vms := inRole(r, g.ID, role.Get("NAME")); vms != "" {
			role.Set("VMS", vms)
		}
	}
	w.Template("ROLES", roles)
	w.Template("TEMPLATE", g.Template)
	w.Close("VM_GROUP")
}

// inRole is the IDs of the VMs in a role, with commas between.
func inRole(r store.Reader, group int, role string) string {
	var list []byte
	for v := range vm.InRole(r, group, role) {
		if list != nil {
			list = append(list, ',')
		}
		list = strconv.AppendInt(list, int64(v.ID), 10)
	}
	return string(list)
}
