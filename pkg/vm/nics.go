package vm

import (
	"crypto/rand"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// claimNICDefault validates NIC_DEFAULT, the defaults of all NICs, and moves it to TEMPLATE.
func claimNICDefault(_ *store.Tx, _ Settings, v *VM) error {
	named := v.User.Named("NIC_DEFAULT")
	switch {
	case len(named) == 0:
		return nil
	case len(named) > 1:
		return bad("Only one NIC_DEFAULT attribute can be defined.")
	case !named[0].IsVector:
		return bad("Wrong format for NIC_DEFAULT attribute.")
	}
	for _, key := range []string{"NETWORK_ID", "NETWORK", "NETWORK_UID", "NETWORK_UNAME"} {
		if named[0].Get(key) != "" {
			return bad("Attribute %s is not allowed inside NIC_DEFAULT.", key)
		}
	}
	claim(v, "NIC_DEFAULT")
	return nil
}

// takeNICs moves NIC and NIC_ALIAS to TEMPLATE and acquires leases. Aliases come last, as they
// refer to NICs by name.
func takeNICs(tx *store.Tx, s Settings, v *VM) error {
	claimVectors(v, "NIC")
	claimVectors(v, "NIC_ALIAS")
	id := 0
	for _, nic := range v.nics() {
		if nic.Name == "NIC_ALIAS" {
			continue
		}
		if err := takeNIC(tx, s, v, nic, id); err != nil {
			return err
		}
		id++
	}
	for _, alias := range v.Template.Vectors("NIC_ALIAS") {
		if err := takeAlias(tx, s, v, alias, id); err != nil {
			return err
		}
		id++
	}
	groupRules(tx, v)
	return nil
}

// AutoNICs lists the NICs with NETWORK_MODE=AUTO that have no network yet.
func (v *VM) AutoNICs() (list []*attr.Attr) {
	for _, nic := range v.Template.Vectors("NIC") {
		if mode(nic) == "AUTO" && !leased(nic) {
			list = append(list, nic)
		}
	}
	return list
}

// takeNIC completes a NIC. An AUTO NIC gets its network when the VM is deployed.
func takeNIC(tx *store.Tx, s Settings, v *VM, nic *attr.Attr, id int) error {
	nic.Set("NIC_ID", strconv.Itoa(id))
	nameNIC(nic, "NIC"+strconv.Itoa(id))
	if mode(nic) == "AUTO" {
		return nil
	}
	nic.Merge(v.Template.Vector("NIC_DEFAULT"), false)
	return attach(tx, s, v, nic)
}

// givenNames matches the default names of NICs.
var givenNames = regexp.MustCompile(`^NIC[0-9]+(_ALIAS[0-9]+)?$`)

// nameNIC sets the default name own if the NIC has none. A given name that looks like a default
// name gets a prefix, so that it remains unique (VirtualMachineNic::set_nic_name).
func nameNIC(nic *attr.Attr, own string) {
	switch name := nic.Get("NAME"); {
	case name == "":
		nic.Set("NAME", own)
	case givenNames.MatchString(name):
		nic.Set("NAME", "_"+name)
	}
}

// attach acquires a lease. A NIC without a network has none: the hypervisor or a RAW section
// connects it (VirtualNetworkPool::nic_attribute).
func attach(tx *store.Tx, s Settings, v *VM, nic *attr.Attr) error {
	if mode(nic) == "DUMMY" { // a NIC without a network
		if nic.Get("MAC") == "" {
			nic.Set("MAC", randomMAC())
		}
		return nil
	}
	if !network.Named(nic) {
		return nil
	}
	if err := network.Attach(tx, s.Network, holder(v.ID), v.UID, nic); err != nil {
		return bad("%v", err)
	}
	setNICClusters(tx, nic)
	return nil
}

// randomMAC generates a locally administered MAC address.
func randomMAC() string {
	var b [4]byte
	rand.Read(b[:]) // never fails
	return fmt.Sprintf("02:00:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3])
}

// takeAlias completes an alias, which adds a lease to an existing NIC.
func takeAlias(tx *store.Tx, s Settings, v *VM, alias *attr.Attr, id int) error {
	if m := mode(alias); m == "AUTO" || m == "DUMMY" {
		return bad("Alias is incompatible with mode %s", m)
	}
	parent := parentOf(v, alias)
	if parent == nil {
		return bad("NIC named %s not found for alias", alias.Get("PARENT"))
	}
	ids := splitIDs(parent.Get("ALIAS_IDS"))
	alias.Set("NIC_ID", strconv.Itoa(id))
	alias.Set("PARENT_ID", parent.Get("NIC_ID"))
	alias.Set("ALIAS_ID", strconv.Itoa(nextAlias(v, parent)))
	nameNIC(alias, "NIC"+parent.Get("NIC_ID")+"_ALIAS"+strconv.Itoa(id))
	parent.Set("ALIAS_IDS", joinIDs(append(ids, id)))
	return attach(tx, s, v, alias)
}

func parentOf(v *VM, alias *attr.Attr) *attr.Attr {
	for _, nic := range v.nics() {
		if nic.Name != "NIC_ALIAS" && nic.Get("NAME") == alias.Get("PARENT") {
			return nic
		}
	}
	return nil
}

// nextAlias returns the ALIAS_ID for a new alias of a NIC.
func nextAlias(v *VM, parent *attr.Attr) int {
	next := 0
	for _, a := range v.Template.Vectors("NIC_ALIAS") {
		if n, ok := a.Int("ALIAS_ID"); ok && a.Get("PARENT_ID") == parent.Get("NIC_ID") {
			next = max(next, n+1)
		}
	}
	return next
}

func mode(nic *attr.Attr) string { return strings.ToUpper(nic.Get("NETWORK_MODE")) }

// setNICClusters sets CLUSTER_ID to the clusters of the NIC's network.
func setNICClusters(r store.Reader, nic *attr.Attr) {
	id, named := nic.Int("NETWORK_ID")
	if n, ok := network.Kind.Table.Get(r, store.ID(id)); ok && named {
		nic.Set("CLUSTER_ID", joinIDs(n.Clusters))
	}
}
