package scheduler

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// hostAttrs looks up attributes of a host for requirements and ranks, in oned's order:
// template, share, datastores, monitoring, the host itself, its cluster (Host's xpath routes).
type hostAttrs struct {
	r store.Reader
	h *host.Host
}

// Lookup implements expr.Object.
func (a hostAttrs) Lookup(path string) []string {
	if path == "CURRENT_VMS" {
		return a.vms()
	}
	name := path[strings.LastIndexByte(path, '/')+1:]
	if values := named(a.h.Template, name); values != nil {
		return values
	}
	if v, ok := a.number(name); ok {
		return []string{strconv.FormatInt(v, 10)}
	}
	switch name {
	case "NAME":
		return []string{a.h.Name}
	case "CLUSTER":
		if c, ok := cluster.Kind.Table.Get(a.r, store.ID(a.h.ClusterID)); ok {
			return []string{c.Name}
		}
	}
	if c, ok := cluster.Kind.Table.Get(a.r, store.ID(a.h.ClusterID)); ok {
		return named(c.Template, name)
	}
	return nil
}

// number returns counters of HOST_SHARE and similar elements.
func (a hostAttrs) number(name string) (int64, bool) {
	s := a.h.Share
	switch name {
	case "MEM_USAGE":
		return s.MemUsageKiB, true
	case "CPU_USAGE":
		return int64(s.CPUUsage), true
	case "TOTAL_MEM":
		return s.TotalMemKiB, true
	case "TOTAL_CPU":
		return int64(s.TotalCPU), true
	case "MAX_MEM":
		return s.MaxMemKiB, true
	case "MAX_CPU":
		return int64(s.MaxCPU), true
	case "RUNNING_VMS":
		return int64(s.RunningVMs), true
	case "FREE_DISK":
		return s.FreeDiskMiB, true
	case "MAX_DISK":
		return s.MaxDiskMiB, true
	case "USED_DISK":
		return s.UsedDiskMiB, true
	case "ID":
		return int64(a.h.ID), true
	case "STATE":
		return int64(a.h.State), true
	case "CLUSTER_ID":
		return int64(a.h.ClusterID), true
	}
	return a.sampled(name)
}

// sampled returns values of the last monitoring.
func (a hostAttrs) sampled(name string) (int64, bool) {
	s, ok := host.Samples.Get(a.r, store.ID(a.h.ID))
	if !ok {
		return 0, false
	}
	switch name {
	case "FREE_CPU":
		return int64(s.FreeCPU), true
	case "USED_CPU":
		return int64(s.UsedCPU), true
	case "FREE_MEMORY":
		return s.FreeMemoryKiB, true
	case "USED_MEMORY":
		return s.UsedMemoryKiB, true
	case "NETRX":
		return s.NetRxBytes, true
	case "NETTX":
		return s.NetTxBytes, true
	}
	return a.old(name)
}

// old returns values by their names before OpenNebula 3.0, which have no underscore.
func (a hostAttrs) old(name string) (int64, bool) {
	u, ok := a.h.Use(a.r)
	if !ok {
		return 0, false
	}
	switch name {
	case "FREECPU":
		return int64(u.FreeCPU), true
	case "USEDCPU":
		return int64(u.UsedCPU), true
	case "FREEMEMORY":
		return u.FreeMemoryKiB, true
	case "USEDMEMORY":
		return u.UsedMemoryKiB, true
	}
	return 0, false
}

func (a hostAttrs) vms() (ids []string) {
	for row := range vm.ByHost.Find(a.r, strconv.Itoa(a.h.ID)) {
		ids = append(ids, strconv.Itoa(row.Val.ID))
	}
	return ids
}

// storeAttrs looks up attributes of a datastore.
type storeAttrs struct{ d *datastore.Datastore }

// Lookup implements expr.Object.
func (a storeAttrs) Lookup(path string) []string {
	if path == "CLUSTERS/ID" {
		return store.Texts(a.d.Clusters)
	}
	if values := named(a.d.Template, path); values != nil {
		return values
	}
	switch path {
	case "ID":
		return []string{strconv.Itoa(a.d.ID)}
	case "NAME":
		return []string{a.d.Name}
	case "FREE_MB":
		return []string{strconv.FormatInt(a.d.FreeMB, 10)}
	case "TOTAL_MB":
		return []string{strconv.FormatInt(a.d.TotalMB, 10)}
	case "USED_MB":
		return []string{strconv.FormatInt(a.d.UsedMB, 10)}
	case "TYPE":
		return []string{strconv.Itoa(int(a.d.Type))}
	}
	return nil
}

// named lists the values of an attribute in a template.
func named(t attr.Template, name string) (values []string) {
	for _, a := range t.Named(name) {
		if !a.IsVector {
			values = append(values, a.Value)
		}
	}
	return values
}
