package migrate

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/sqlite"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// users imports users with their passwords; oneadmin exists, and may log in with the old
// password, too. IDs are assigned anew, as 1 was a user's in 2.2, and is serveradmin's now.
func (r *reader) users() (int, error) {
	rows, err := r.db.Rows("user_pool")
	if err != nil {
		return 0, err
	}
	next := one.ServeradminID + 1
	for _, row := range rows {
		uid, name := row.Int("oid"), row.Text("user_name")
		secrets, err := r.secrets(row.Text("password"))
		if err != nil {
			return 0, err
		}
		if uid == one.OneadminID {
			r.owners[uid], r.adminName = owner{one.OneadminID, "oneadmin"}, name
			r.addStep(func(tx *store.Tx) error { return oldSecretOf(tx, secrets) })
			continue
		}
		if err := user.CheckNew(name, user.DriverCore, "x"); err != nil {
			r.block("user %q: %v", name, err)
			continue
		}
		id := next
		next++
		if int64(id) != uid {
			r.note("user %s had the ID %d and will have %d", name, uid, id)
		}
		r.owners[uid] = owner{id, name}
		r.addStep(func(tx *store.Tx) error { return addUser(tx, name, secrets, row.Int("enabled") != 0) })
	}
	return len(rows), nil
}

// oldSecretOf adds oneadmin's old password.
func oldSecretOf(tx *store.Tx, secrets user.Secrets) error {
	u, err := user.Kind.Edit(tx, one.OneadminID)
	if err != nil {
		return err
	}
	u.SHA1Secret = secrets.SHA1Secret
	user.Kind.Put(tx, u)
	return nil
}

func addUser(tx *store.Tx, name string, secrets user.Secrets, enabled bool) error {
	admin := &one.Caller{UID: one.OneadminID, GID: one.OneadminGroupID}
	id, err := user.Allocate(tx, admin, user.New{
		Name: name, Secret: secrets.Secret, SHA1Secret: secrets.SHA1Secret, Groups: []int{one.UsersGroupID},
	})
	if err != nil {
		return err
	}
	return user.Enable(tx, id, enabled)
}

// clusterPool imports clusters, of which only hosts were members in 2.2. Networks and
// datastores are added to all.
func (r *reader) clusterPool() (int, error) {
	rows, err := r.db.Rows("cluster_pool")
	if err != nil {
		return 0, err
	}
	next := cluster.Kind.First
	for _, row := range rows {
		name := row.Text("cluster_name")
		if row.Int("oid") == cluster.DefaultID {
			r.clusters[name] = cluster.DefaultID
			r.groups[cluster.DefaultID] = cluster.DefaultID
			continue
		}
		r.clusters[name], r.groups[row.Int("oid")] = next, next
		next++
		r.addStep(func(tx *store.Tx) error { return addCluster(tx, name) })
	}
	return len(rows), nil
}

func addCluster(tx *store.Tx, name string) error {
	id, err := cluster.Allocate(tx, name)
	if err != nil {
		return err
	}
	var stores []int
	for row := range datastore.Kind.Table.All(tx) {
		stores = append(stores, row.Val.ID)
	}
	for _, ds := range stores {
		if err := datastore.Join(tx, ds, id); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) hostPool() (int, error) {
	rows, err := r.db.Rows("host_pool")
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		in, known := r.clusters[row.Text("cluster")]
		if !known {
			r.note("host %s was in cluster %q, which is not there: it will be in the default one", row.Text("host_name"), row.Text("cluster"))
		}
		r.hosts[row.Int("oid")] = in
		r.addStep(func(tx *store.Tx) error { return r.addHost(tx, row, in) })
	}
	return len(rows), nil
}

// disabledHost is 2.2's state of a disabled host.
const disabledHost = 4

func (r *reader) addHost(tx *store.Tx, row sqlite.Row, in int) error {
	var tmpl attr.Template
	tmpl.Set("NAME", row.Text("host_name"))
	for name, column := range map[string]string{"IM_MAD": "im_mad", "VM_MAD": "vm_mad", "TM_MAD": "tm_mad"} {
		tmpl.Set(name, row.Text(column))
	}
	tx.Skip(host.Kind.Table.Name(), int(row.Int("oid"))-1)
	mad := r.Hypervisor(row.Text("vm_mad"))
	id, err := host.Allocate(tx, host.New{Name: row.Text("host_name"), IMMad: mad, VMMad: mad, ClusterID: in, Legacy: tmpl})
	if err != nil || row.Int("state") != disabledHost {
		return err
	}
	return host.SetStatus(tx, id, host.Disable)
}

// head makes what all kinds of objects have in common.
func head(tx *store.Tx, o owner, id int, name string, public bool, legacy attr.Template) object.Meta {
	m := object.Meta{ID: id, Name: name, UID: o.id, UName: o.name, GID: one.UsersGroupID, GName: "users", Perms: 0o600, Legacy: legacy}
	if o.id == one.OneadminID {
		m.GID, m.GName = one.OneadminGroupID, "oneadmin"
		if u, err := user.Kind.Get(tx, one.OneadminID); err == nil {
			m.UName = u.Name
		}
	}
	if public {
		m.Perms |= 0o044
	}
	if g, err := group.Kind.Get(tx, m.GID); err == nil {
		m.GName = g.Name
	}
	return m
}
