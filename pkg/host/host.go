// Package host is the noun host: a machine that runs VMs, its state, its
// capacity and how much of that is promised to VMs.
package host

import (
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/numa"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Host is a host. Its VMs are those whose last history record names it
// (vm.ByHost).
type Host struct {
	object.Meta
	State     one.HostState `cbor:"10,keyasint"`
	IMMad     string        `cbor:"12,keyasint"`
	VMMad     string        `cbor:"13,keyasint"`
	ClusterID int           `cbor:"14,keyasint"`
	Share     Share         `cbor:"15,keyasint"`
	PCIs      []PCI         `cbor:"16,keyasint,omitempty"`
	NUMA      numa.Topology `cbor:"17,keyasint,omitempty"`
}

// Share is HOST_SHARE. Usage is changed in the transactions that give a VM to
// the host and take it away; totals come from monitoring.
type Share struct {
	MemUsageKiB  int64 `cbor:"1,keyasint"`
	CPUUsage     int   `cbor:"2,keyasint"` // 100 per CPU
	TotalMemKiB  int64 `cbor:"3,keyasint"` // what the host has
	TotalCPU     int   `cbor:"4,keyasint"`
	MaxMemKiB    int64 `cbor:"5,keyasint"` // what VMs may take: total less reserved
	MaxCPU       int   `cbor:"6,keyasint"`
	RunningVMs   int   `cbor:"7,keyasint"`
	DiskUsageMiB int64 `cbor:"8,keyasint"` // of the local system datastore
	MaxDiskMiB   int64 `cbor:"9,keyasint"`
	FreeDiskMiB  int64 `cbor:"10,keyasint"`
	UsedDiskMiB  int64 `cbor:"11,keyasint"`
}

// Clone implements store.Cloner.
func (h *Host) Clone() *Host {
	c := *h
	c.Meta = h.Meta.Copy()
	c.NUMA = h.NUMA.Clone()
	c.PCIs = slices.Clone(h.PCIs)
	for i := range c.PCIs {
		c.PCIs[i].Attrs.Vector = slices.Clone(c.PCIs[i].Attrs.Vector)
	}
	return &c
}

// Pinned tells whether the host is for VMs that are pinned to its cores.
func (h *Host) Pinned() bool { return strings.EqualFold(h.Template.Get("PIN_POLICY"), "PINNED") }

// ByCluster finds hosts by their cluster.
var ByCluster = store.NewIndex(func(h *Host) []string { return []string{strconv.Itoa(h.ClusterID)} })

// Kind describes hosts to the shared verbs.
var Kind = object.Define("host", object.Spec[Host]{
	Kind:     one.KindHost,
	Names:    object.NamesGlobal,
	Clusters: func(h *Host) []int { return []int{h.ClusterID} },
	Updating: updating,
}, ByCluster)
