package migrate

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/document"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/sqlite"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/template"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vdc"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vmgroup"
	"github.com/renkei-vpe/renkei/pkg/vntemplate"
)

// isOne7 tells whether a database is one of OpenNebula 5 or later: rows contain XML documents.
func isOne7(db *sqlite.DB) bool {
	return db.Has("user_pool", "oid", "body") && db.Has("acl", "userset")
}

// reader7 reads a database of OpenNebula 6 or 7 into a plan. All IDs are kept.
type reader7 struct {
	Options
	*Plan
	db        *sqlite.DB
	skipped   map[int]bool // VMs that are not done, and are skipped
	nets      map[int]bool // networks that are imported
	allocated []allocated  // leases of the networks' address ranges
}

// One7 plans the import of a database of OpenNebula 7: objects of users, and VMs that are done.
func One7(db *sqlite.DB, o Options) (*Plan, error) {
	if !isOne7(db) {
		return nil, errors.New("this is no database of OpenNebula 7: its tables are others")
	}
	r := &reader7{Options: o, Plan: &Plan{}, db: db, skipped: map[int]bool{}, nets: map[int]bool{}}
	r.version()
	r.note("the password of oneadmin is the one in this server's auth file")
	err := r.counted([]counted{
		{"groups", r.rows("group_pool", r.group)}, {"users", r.rows("user_pool", r.user)}, {"ACL rules", r.rules},
		{"clusters", r.rows("cluster_pool", r.cluster)}, {"datastores", r.rows("datastore_pool", r.datastore)},
		{"security groups", r.rows("secgroup_pool", r.secgroup)}, {"VDCs", r.rows("vdc_pool", r.vdc)},
		{"hosts", r.rows("host_pool", r.host)}, {"images", r.rows("image_pool", r.image)}, {"networks", r.rows("network_pool", r.network)},
		{"VM templates", r.rows("template_pool", r.template)}, {"network templates", r.rows("vn_template_pool", r.vnTemplate)},
		{"VM groups", r.rows("vmgroup_pool", r.vmGroup)}, {"documents", r.rows("document_pool", r.document)},
		{"VMs of the past", r.vms}, {"addresses on hold", r.holds}, {"users' quotas", r.quotas("user_quotas", "user_oid")},
		{"groups' quotas", r.quotas("group_quotas", "group_oid")},
	})
	if err != nil {
		return nil, err
	}
	r.others()
	return r.Plan, r.sequences()
}

// version refuses databases of versions before 6.
func (r *reader7) version() {
	rows, err := r.db.Rows("db_versioning")
	if err != nil || len(rows) == 0 {
		r.block("the database does not say of which version it is")
		return
	}
	last := slices.MaxFunc(rows, func(a, b sqlite.Row) int { return int(a.Int("oid") - b.Int("oid")) }).Text("version")
	if !strings.HasPrefix(last, "6.") && !strings.HasPrefix(last, "7.") {
		r.block("the database is of version %s: upgrade it with onedb to 7.x first", last)
	}
}

// rows makes an import step of the documents in a table; take tells whether it imports one.
func (r *reader7) rows(table string, take func(e *element) bool) func() (int, error) {
	return func() (n int, err error) {
		if !r.db.Has(table, "body") {
			return 0, nil
		}
		rows, err := r.db.Rows(table)
		if err != nil {
			return 0, err
		}
		for _, row := range rows {
			e, err := readXML(row.Text("body"))
			if err != nil {
				return 0, fmt.Errorf("table %s, row %d: %w", table, row.Int("oid"), err)
			}
			if take(e) {
				n++
			}
		}
		return n, nil
	}
}

// meta reads what all kinds of objects have in common.
func meta(e *element) object.Meta {
	m := object.Meta{
		ID: e.int("ID"), Name: e.str("NAME"), UID: e.int("UID"), GID: e.int("GID"), UName: e.str("UNAME"), GName: e.str("GNAME"),
		Template: e.at("TEMPLATE").template(),
	}
	for _, class := range []struct {
		name  string
		shift uint
	}{{"OWNER", object.Owner}, {"GROUP", object.Group}, {"OTHER", object.Other}} {
		for i, right := range []string{"_U", "_M", "_A"} {
			if e.at("PERMISSIONS").int(class.name+right) != 0 {
				m.Perms |= object.Perms(4>>i) << class.shift
			}
		}
	}
	if lock := e.at("LOCK"); lock.int("LOCKED") != 0 {
		m.Lock = &object.Lock{Level: object.LockLevel(lock.int("LOCKED")), Owner: lock.int("OWNER"), Time: lock.num("TIME"), ReqID: uint64(lock.num("REQ_ID"))}
	}
	return m
}

// keep adds an object to the plan, under its ID.
func keep[T any](p *Plan, kind *object.Kind[T], v *T) bool {
	o, _ := kind.Of(v)
	id := o.Head().ID
	p.addStep(func(tx *store.Tx) error {
		kind.Put(tx, v)
		tx.Skip(kind.Table.Name(), id)
		return nil
	})
	return true
}

// rules replaces the ACL rules of the first start by the database's.
func (r *reader7) rules() (int, error) {
	rows, err := r.db.Rows("acl")
	if err != nil {
		return 0, err
	}
	var list []*acl.Rule
	for _, row := range rows {
		list = append(list, &acl.Rule{
			ID: int(row.Int("oid")), User: uint64(row.Int("userset")), Resource: uint64(row.Int("resource")),
			Rights: uint64(row.Int("rights")), Zone: uint64(row.Int("zone")),
		})
	}
	r.addStep(func(tx *store.Tx) error {
		var first []int
		for row := range acl.Rules.All(tx) {
			first = append(first, row.Val.ID)
		}
		for _, id := range first {
			if err := acl.Delete(tx, id); err != nil {
				return err
			}
		}
		for _, rule := range list {
			acl.Rules.Put(tx, store.ID(rule.ID), rule)
			tx.Skip(acl.Rules.Name(), rule.ID)
		}
		return nil
	})
	return len(list), nil
}

// sequences makes sure that IDs of deleted objects are not given out again.
func (r *reader7) sequences() error {
	if !r.db.Has("pool_control", "tablename", "last_oid") {
		return nil
	}
	rows, err := r.db.Rows("pool_control")
	if err != nil {
		return err
	}
	for _, row := range rows {
		if table, known := sequences[row.Text("tablename")]; known && row.Int("last_oid") >= 0 {
			r.addStep(func(tx *store.Tx) error { tx.Skip(table, int(row.Int("last_oid"))); return nil })
		}
	}
	return nil
}

// sequences are the names of our tables.
var sequences = map[string]string{
	"group_pool": group.Kind.Table.Name(), "user_pool": user.Kind.Table.Name(), "cluster_pool": cluster.Kind.Table.Name(),
	"datastore_pool": datastore.Kind.Table.Name(), "secgroup_pool": secgroup.Kind.Table.Name(), "vdc_pool": vdc.Kind.Table.Name(),
	"host_pool": host.Kind.Table.Name(), "image_pool": image.Kind.Table.Name(), "network_pool": network.Kind.Table.Name(),
	"template_pool": template.Kind.Table.Name(), "vn_template_pool": vntemplate.Kind.Table.Name(), "vmgroup_pool": vmgroup.Kind.Table.Name(),
	"document_pool": document.Kind.Table.Name(), "vm_pool": vm.Kind.Table.Name(), "acl": acl.Rules.Name(),
}

// others adds notes about what is not imported.
func (r *reader7) others() {
	for _, t := range []struct{ table, what string }{
		{"vrouter_pool", "virtual routers"}, {"marketplaceapp_pool", "apps of marketplaces"}, {"hook_pool", "hooks"},
		{"backupjob_pool", "backup jobs"}, {"scheduled_action", "scheduled actions"}, {"vm_showback", "showback records"},
	} {
		if !r.db.Has(t.table) {
			continue
		}
		if rows, err := r.db.Rows(t.table); err == nil && len(rows) > 0 {
			r.note("%d %s are left out", len(rows), t.what)
		}
	}
	r.note("marketplaces, zones of a federation, default quotas, accounting samples and login tokens are left out")
}
