package render

import (
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vdc"
	"github.com/renkei-vpe/renkei/pkg/zone"
)

// Zone writes a zone.
func Zone(w *Writer, _ store.Reader, z *zone.Zone) {
	w.Open("ZONE")
	w.Int("ID", int64(z.ID))
	w.Text("NAME", z.Name)
	w.Bool("STATE", z.Disabled)
	w.Template("TEMPLATE", z.Template)
	w.Template("SERVER_POOL", z.Servers)
	w.Close("ZONE")
}

// VDC writes a virtual data centre.
func VDC(w *Writer, _ store.Reader, v *vdc.VDC) {
	w.Open("VDC")
	w.Int("ID", int64(v.ID))
	w.Text("NAME", v.Name)
	w.IDs("GROUPS", v.Groups)
	w.resources("CLUSTER", v.Clusters)
	w.resources("HOST", v.Hosts)
	w.resources("DATASTORE", v.Datastores)
	w.resources("VNET", v.VNets)
	w.Template("TEMPLATE", v.Template)
	w.Close("VDC")
}

func (w *Writer) resources(kind string, list []vdc.Resource) {
	w.Open(kind + "S")
	for _, x := range list {
		w.Open(kind)
		w.Int("ZONE_ID", int64(x.ZoneID))
		w.Int(kind+"_ID", int64(x.ID))
		w.Close(kind)
	}
	w.Close(kind + "S")
}
