package host

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// maxName is the maximum length of host names, as in DNS.
const maxName = 63

// New describes a host to be registered.
type New struct {
	Name, IMMad, VMMad string
	ClusterID          int // cluster.None means the default cluster
	Legacy             attr.Template
}

// Allocate registers a host. Monitoring will find it.
func Allocate(tx *store.Tx, n New) (int, error) {
	h := &Host{
		Meta:      object.Meta{Name: n.Name, GName: "oneadmin", Legacy: n.Legacy},
		IMMad:     n.IMMad,
		VMMad:     n.VMMad,
		ClusterID: cluster.ID(n.ClusterID),
		State:     one.HostInit,
	}
	if _, err := cluster.Kind.Get(tx, h.ClusterID); err != nil {
		return -1, err
	}
	if why := n.wrong(); why != "" {
		return -1, one.Errorf(one.CodeAllocate, "Error allocating a new host. %s", why)
	}
	h.Template.Set("IM_MAD", n.IMMad)
	h.Template.Set("VM_MAD", n.VMMad)
	h.Template.Set(reservedCPU, "")
	h.Template.Set(reservedMem, "")
	id, err := Kind.Add(tx, h)
	if err != nil {
		return -1, one.Errorf(one.CodeAllocate, "Error allocating a new host. %v", err)
	}
	cluster.Kind.Table.Touch(tx, store.ID(h.ClusterID))
	return id, nil
}

// wrong is oned's error text for an invalid host (HostPool::allocate), or "". Hosts from
// OpenNebula 2.2 keep their names.
func (n New) wrong() string {
	if why := wrongName(n.Name); why != "" && n.Legacy == nil {
		return why
	}
	switch {
	case n.Name == "":
		return wrongLength
	case n.IMMad == "":
		return "IM_MAD_NAME cannot be empty."
	case n.VMMad == "":
		return "VMM_MAD_NAME cannot be empty."
	}
	return ""
}

const wrongLength = "Invalid HOSTNAME, HOSTNAME length should be greater than 1, but smaller than 64 characters"

// wrongName is the error text for a name that is not a valid DNS name, or "".
func wrongName(name string) string {
	const letters, marks = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "-._"
	if len(name) < 2 || len(name) > maxName {
		return wrongLength
	}
	if first := name[:1]; strings.Contains(marks, first) {
		return "Invalid HOSTNAME, first character can't be '" + first + "'"
	}
	for _, char := range name {
		if !strings.ContainsRune(letters+marks, char) {
			return "Invalid HOSTNAME, '" + string(char) + "' is invalid character for a HOSTNAME"
		}
	}
	if last := name[len(name)-1:]; strings.Contains(marks, last) {
		return "Invalid HOSTNAME, last character can't be '" + last + "'"
	}
	return ""
}

// Delete removes a host without VMs.
func Delete(tx *store.Tx, id int) error {
	h, err := Kind.Get(tx, id)
	if err != nil {
		return err
	}
	if h.Share.RunningVMs > 0 {
		return one.Errorf(one.CodeAction, "Cannot delete host. Can not remove a host with running VMs")
	}
	Kind.Remove(tx, id)
	cluster.Kind.Table.Touch(tx, store.ID(h.ClusterID))
	return nil
}

// Argument of one.host.status.
const (
	Enable  = 0
	Disable = 1
	Offline = 2
)

// SetStatus serves one.host.status. An offline host is not monitored, and has no capacity.
func SetStatus(tx *store.Tx, id, status int) error {
	h, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	switch status {
	case Enable:
		if h.State == one.HostDisabled || h.State == one.HostOffline {
			h.State = one.HostInit
		}
	case Disable:
		h.State = one.HostDisabled
	case Offline:
		h.State = one.HostOffline
		h.Share.TotalCPU, h.Share.TotalMemKiB, h.Share.MaxCPU, h.Share.MaxMemKiB = 0, 0, 0, 0
		h.Template.Del("TOTALCPU")
		h.Template.Del("TOTALMEMORY")
	default:
		return one.Errorf(one.CodeInternal, "Wrong status code")
	}
	Kind.Put(tx, h)
	return nil
}

// SetCluster moves a host to another cluster.
func SetCluster(tx *store.Tx, id, clusterID int) error {
	h, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if _, err := cluster.Kind.Get(tx, clusterID); err != nil || h.ClusterID == clusterID {
		return err
	}
	old := h.ClusterID
	h.ClusterID = clusterID
	reserve(tx, h)
	Kind.Put(tx, h)
	cluster.Kind.Table.Touch(tx, store.ID(old))
	cluster.Kind.Table.Touch(tx, store.ID(clusterID))
	return nil
}

// ClusterChanged updates the hosts of a cluster after its name or its reservations have
// changed.
func ClusterChanged(tx *store.Tx, clusterID int) {
	var ids []store.Key
	for row := range ByCluster.Find(tx, text(clusterID)) {
		ids = append(ids, row.Key)
	}
	for _, key := range ids {
		h, _ := Kind.Table.Edit(tx, key)
		reserve(tx, h)
		Kind.Table.Put(tx, key, h)
	}
}

// updating keeps the drivers, which users cannot change. Changed reservations take effect at
// once.
func updating(tx *store.Tx, _ *one.Caller, _, h *Host) error {
	h.Template.Set("IM_MAD", h.IMMad)
	h.Template.Set("VM_MAD", h.VMMad)
	for _, name := range []string{reservedCPU, reservedMem} {
		if _, ok := h.Template.Lookup(name); !ok {
			h.Template.Set(name, "")
		}
	}
	reserve(tx, h)
	h.partition()
	return nil
}
