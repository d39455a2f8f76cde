// Package host implements hosts: their state, their capacity, and how much of it is allocated
// to VMs.
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

// Host is a host. vm.ByHost finds its VMs.
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

// Share is HOST_SHARE. Usage changes in the transactions that place and remove VMs; totals come
// from monitoring.
type Share struct {
	MemUsageKiB  int64 `cbor:"1,keyasint"`
	CPUUsage     int   `cbor:"2,keyasint"` // 100 per CPU
	TotalMemKiB  int64 `cbor:"3,keyasint"` // of the machine
	TotalCPU     int   `cbor:"4,keyasint"`
	MaxMemKiB    int64 `cbor:"5,keyasint"` // available to VMs: the total minus reservations
	MaxCPU       int   `cbor:"6,keyasint"`
	RunningVMs   int   `cbor:"7,keyasint"`
	DiskUsageMiB int64 `cbor:"8,keyasint"` // in the local system datastore
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

// Pinned reports whether VMs on this host are pinned to CPUs (PIN_POLICY).
func (h *Host) Pinned() bool { return strings.EqualFold(h.Template.Get("PIN_POLICY"), "PINNED") }

// ByCluster finds the hosts of a cluster.
var ByCluster = store.NewIndex(func(h *Host) []string { return []string{strconv.Itoa(h.ClusterID)} })

// Kind describes hosts to the shared verbs.
var Kind = object.Define("host", object.Spec[Host]{
	Kind:     one.KindHost,
	Names:    object.NamesGlobal,
	Clusters: func(h *Host) []int { return []int{h.ClusterID} },
	Updating: updating,
}, ByCluster)
