package scheduler

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/placement"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// autoNICs lists the NICs whose network is chosen by the scheduler. What disks and other NICs
// need of clusters is part of the VM's host requirements already.
func autoNICs(v *vm.VM) (nics []placement.NIC) {
	for _, nic := range v.AutoNICs() {
		id, _ := nic.Int("NIC_ID")
		nics = append(nics, placement.NIC{ID: id, Requirements: nic.Get("SCHED_REQUIREMENTS"), Rank: nic.Get("SCHED_RANK")})
	}
	return nics
}

// networks lists the networks that these NICs can be connected to.
func networks(r store.Reader) (list []placement.Network) {
	for row := range network.Kind.Table.All(r) {
		n := row.Val
		if n.State == one.VNetReady {
			list = append(list, placement.Network{ID: n.ID, Clusters: n.Clusters, Attrs: netAttrs{n}, Free: n.Size() - n.Used()})
		}
	}
	return list
}

// connections is the template with the chosen networks, for vm.Deploy.
func connections(chosen []placement.Connection) (t attr.Template) {
	for _, c := range chosen {
		t.Add(attr.NewVector("NIC",
			attr.Pair{Key: "NIC_ID", Value: decimal(c.NIC)}, attr.Pair{Key: "NETWORK_ID", Value: decimal(c.Network)}))
	}
	return t
}

// netAttrs looks up attributes of a network.
type netAttrs struct{ n *network.VNet }

// Lookup implements expr.Object.
func (a netAttrs) Lookup(path string) []string {
	if path == "CLUSTERS/ID" {
		return store.Texts(a.n.Clusters)
	}
	name := path[strings.LastIndexByte(path, '/')+1:]
	if values := named(a.n.Template, name); values != nil {
		return values
	}
	switch name {
	case "ID":
		return []string{decimal(a.n.ID)}
	case "NAME":
		return []string{a.n.Name}
	case "VN_MAD":
		return []string{a.n.VNMad}
	case "BRIDGE":
		return []string{a.n.Bridge}
	case "USED_LEASES":
		return []string{strconv.FormatInt(a.n.Used(), 10)}
	case "FREE_LEASES":
		return []string{strconv.FormatInt(a.n.Size()-a.n.Used(), 10)}
	}
	return nil
}
