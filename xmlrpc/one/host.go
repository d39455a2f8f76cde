package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func hostMethods() []method {
	return []method{
		{
			name: "one.host.allocate",
			params: params(
				xmlrpc.Param{Name: "host name", Type: xmlrpc.String}, xmlrpc.Param{Name: "IM driver", Type: xmlrpc.String},
				xmlrpc.Param{Name: "VMM driver", Type: xmlrpc.String}, xmlrpc.Param{Name: "cluster id, -1 default", Type: xmlrpc.Int}),
			may: all(create(one.KindHost), onCluster(4)), do: change(hostAllocate),
		},
		{name: "one.host.delete", params: params(pID), may: on(host.Kind, one.Admin, 1), do: deletingResource(one.KindHost, byID(host.Delete))},
		hostInfo(),
		{name: "one.host.status", params: ints("object id", "0 enable, 1 disable, 2 offline"), may: basic(host.Kind, one.Admin, 1), do: change(byIDs(host.SetStatus))},
		{name: "one.host.monitoring", params: params(pID), may: basic(host.Kind, one.Use, 1), do: hostMonitoring},
		renameOf("host", host.Kind, one.Admin),
		updateOf("host", host.Kind, one.Admin),
		hosts.poolOf("hostpool"),
		{
			name:   "one.hostpool.monitoring",
			params: params(xmlrpc.Param{Name: "seconds, -1 all, 0 last", Type: xmlrpc.Int, Optional: true, Default: int32(-1)}),
			do:     hostPoolMonitoring,
		},
	}
}

var hosts = pool[host.Host]{kind: host.Kind, root: "HOST_POOL", form: formPool, write: render.PoolHost}

// hostInfo shows the latest measurements, too.
func hostInfo() method {
	with := hosts
	with.form, with.write = formInfo, render.Host
	return with.infoOf("host")
}

func hostAllocate(tx *store.Tx, _ *Server, c *call) (int, error) {
	return host.Allocate(tx, host.New{Name: c.Text(1), IMMad: c.Text(2), VMMad: c.Text(3), ClusterID: c.Int(4)})
}

// hostMonitoring serves one.host.monitoring: all samples.
func hostMonitoring(_ context.Context, s *Server, c *call) (any, error) {
	w := render.Writer{}
	w.Open("MONITORING_DATA")
	hostSamples(&w, s, c.Int(1), 0)
	w.Close("MONITORING_DATA")
	return string(w), nil
}

// hostPoolMonitoring serves one.hostpool.monitoring: -1 means all samples, 0 the last one of
// each host, n those of the last n seconds.
func hostPoolMonitoring(_ context.Context, s *Server, c *call) (any, error) {
	w := render.Writer{}
	w.Open("MONITORING_DATA")
	for _, row := range hosts.oldestFirst(c, everything) {
		if c.Int(1) == 0 {
			if last, ok := host.Samples.Get(c.Snap, row.Key); ok {
				render.HostSample(&w, row.Val.ID, last)
			}
			continue
		}
		hostSamples(&w, s, row.Val.ID, s.since(c.Int(1)))
	}
	w.Close("MONITORING_DATA")
	return string(w), nil
}

func hostSamples(w *render.Writer, s *Server, id int, since int64) {
	for _, sample := range s.Monitoring.Host(id) {
		if sample.Time > since {
			render.HostSample(w, id, &sample)
		}
	}
}
