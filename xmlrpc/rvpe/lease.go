package rvpe

import (
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
	"github.com/renkei-vpe/renkei/xmlrpc/one22"
)

func leaseMethods() []method {
	return []method{
		{name: "rvpe.lease.pool", signature: "int", help: "Retrieve information about lease group", do: look(leasePool)},
		{name: "rvpe.lease.ask_id", signature: "string", help: "Retrieve id of the given-named lease", do: look(leaseAskID)},
		{name: "rvpe.lease.info", signature: "int", help: "Retrieve information about the lease", do: look(leaseInfo)},
		{name: "rvpe.lease.assign", signature: "int string", help: "Assign a lease to a user", admin: true, do: quietly(leaseAssign)},
		{name: "rvpe.lease.release", signature: "int", help: "Release a lease", admin: true, do: quietly(leaseRelease)},
	}
}

func leasePool(_ *Server, c *call) (any, error) {
	flag := c.Int(1)
	if c.ofOthers(flag) {
		if err := needsAdmin(c); err != nil {
			return nil, err
		}
	}
	var found []*rvpe.Lease
	switch {
	case flag < flagMine:
		found = rvpe.Leases(c.Snap)
	case flag == flagMine:
		found = rvpe.LeasesFor(c.Snap, c.Member.ID)
	default:
		found = rvpe.LeasesOf(c.Snap, flag)
	}
	versions := rvpe.LeaseVersions(c.Snap)
	if len(found) == 0 {
		return document(func(w *writer) { w.Empty("LEASE_POOL") }), nil
	}
	return one22.Pool("LEASE_POOL", func(yield func([]byte) bool) {
		for _, l := range found {
			if !yield(leaseText(c.Snap, l, versions)) {
				return
			}
		}
	}), nil
}

func leaseAskID(_ *Server, c *call) (any, error) {
	l := rvpe.LeaseNamed(c.Snap, c.Text(1))
	if l == nil {
		return nil, refuse("Lease[%s] is not found. ", c.Text(1))
	}
	return l.ID, nil
}

func leaseInfo(_ *Server, c *call) (any, error) {
	l, ok := rvpe.LeaseOf(c.Snap, c.Int(1))
	switch {
	case !ok:
		return nil, refuse("Lease[%s] does not exist.", c.Text(1))
	case l.For != c.Member.ID && !c.isAdmin():
		return nil, refuse("You don't have permission to query info. of the VM.")
	}
	return escaped(leaseText(c.Snap, l, rvpe.LeaseVersions(c.Snap))), nil
}

// leaseText is a lease, escaped. It is rendered again when the other objects that it shows
// have changed; these are only looked at if one of the versions is new.
func leaseText(r store.Reader, l *rvpe.Lease, versions []any) []byte {
	row := l.Row(r)
	return row.Dependent(slotCurrent, versions, func(l *rvpe.Lease) []byte {
		f := l.Facts(r)
		return row.Dependent(slotText, []any{f}, func(l *rvpe.Lease) []byte {
			return render.Escaped(func(w *writer) { writeLease(w, l, f) })
		})
	})
}

func writeLease(w *writer, l *rvpe.Lease, f rvpe.LeaseFacts) {
	w.Open("LEASE")
	w.Int("ID", int64(l.ID))
	w.Text("NAME", l.Name)
	w.Text("IP", l.IP)
	w.Text("MAC", f.MAC)
	w.Bool("USED", f.Used)
	w.Int("ASSIGNED_TO_UID", int64(f.For))
	w.Text("ASSIGNED_TO_UNAME", f.ForName)
	w.Int("VID", int64(f.Machine))
	w.Close("LEASE")
}

func leaseAssign(tx *store.Tx, _ *Server, c *call) error {
	return rvpe.Assign(tx, c.Int(1), c.Text(2))
}

func leaseRelease(tx *store.Tx, _ *Server, c *call) error { return rvpe.Release(tx, c.Int(1)) }
