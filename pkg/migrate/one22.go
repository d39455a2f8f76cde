package migrate

import (
	"errors"
	"fmt"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/sqlite"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// Options say how OpenNebula's database is taken over.
type Options struct {
	HashCost      int
	Hypervisor    func(vmMad string) string // the driver that 2.2's name of one means
	NetworkDriver string
	Networks      network.Settings
	Datastores    datastore.Settings
	Look          func(path string) (File, error) // at the file of an image
	MoveImages    bool                            // into the datastore; otherwise they are used where they are
	LeaveRunning  bool                            // leave VMs out that are not done, instead of refusing
}

// File is what the file of an image is.
type File struct {
	Format  string // raw or qcow2
	SizeMiB int64  // as guests see it
}

// reader is a database of 2.2 on its way into a plan.
type reader struct {
	Options
	*Plan
	db *sqlite.DB

	owners   map[int64]owner // by 2.2's IDs
	clusters map[string]int  // by name
	hosts    map[int64]int   // cluster of each
}

// owner is a user as objects know him.
type owner struct {
	id   int
	name string
}

// One22 plans to take over a database of OpenNebula 2.2.
func One22(db *sqlite.DB, o Options) (*Plan, error) {
	if !db.Has("user_pool", "oid", "user_name", "password") {
		if db.Has("user_pool", "body") {
			return nil, errors.New("this is the database of a later OpenNebula: only those of 2.2 are imported")
		}
		return nil, errors.New("this is no database of OpenNebula: it has no table user_pool")
	}
	r := &reader{Options: o, Plan: &Plan{}, db: db, owners: map[int64]owner{}, clusters: map[string]int{}, hosts: map[int64]int{}}
	for _, read := range []struct {
		what string
		rows func() (int, error)
	}{
		{"users", r.users}, {"clusters", r.clusterPool}, {"hosts", r.hostPool}, {"networks", r.networks},
		{"images", r.images}, {"VMs of the past", r.vms},
	} {
		n, err := read.rows()
		if err != nil {
			return nil, err
		}
		r.count(read.what, n)
	}
	return r.Plan, nil
}

// own gives an object to who had it. What belonged to nobody known is oneadmin's.
func (r *reader) own(uid int64, what string) owner {
	if o, ok := r.owners[uid]; ok {
		return o
	}
	r.note("%s belonged to user %d, who is not there: it will be oneadmin's", what, uid)
	return r.owners[one.OneadminID]
}

// words reads a template as 2.2 keeps it: <TEMPLATE>…</TEMPLATE>.
func words(row sqlite.Row, what string) (attr.Template, error) {
	t, err := attr.FromXML([]byte(row.Text("template")))
	if err != nil {
		return nil, fmt.Errorf("the template of %s: %w", what, err)
	}
	return t, nil
}

func (r *reader) secrets(password string) (user.Secrets, error) {
	if password == "" {
		return user.Secrets{}, nil
	}
	return user.OldSecrets(password, r.HashCost)
}
