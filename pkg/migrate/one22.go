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

// Options control the import of OpenNebula's databases.
type Options struct {
	HashCost      int
	Hypervisor    func(vmMad string) string // the driver for a VM_MAD of 2.2
	NetworkDriver string
	Networks      network.Settings
	Datastores    datastore.Settings
	Look          func(path string) (File, error) // examines the file of an image
	MoveImages    bool                            // into the datastore; otherwise images refer to their present files
	LeaveRunning  bool                            // skip VMs that are not done, instead of refusing to import
}

// File describes the file of an image.
type File struct {
	Format  string // raw or qcow2
	SizeMiB int64  // virtual size
}

// reader reads a database of 2.2 into a plan.
type reader struct {
	Options
	*Plan
	db *sqlite.DB

	// What has been read, by 2.2's IDs:
	owners    map[int64]owner
	adminName string
	groups    map[int64]int    // names of 2.2's clusters, which hosts refer to
	clusters  map[string]int   // the same by name
	hosts     map[int64]int    // the cluster of each host
	nets      map[int64]string // names
	addresses map[int64][]lease
	images    map[int64]string // names
	past      map[int64]bool   // VMs that are done
	skipped   map[int64]bool   // VMs that are not done, and are skipped
}

// owner is a user as an owner of objects.
type owner struct {
	id   int
	name string
}

// isOne22 tells whether a database is one of OpenNebula 2.2.
func isOne22(db *sqlite.DB) bool { return db.Has("user_pool", "oid", "user_name", "password") }

// One22 plans the import of a database of OpenNebula 2.2.
func One22(db *sqlite.DB, o Options) (*Plan, error) {
	r, err := readOne22(db, o)
	if err != nil {
		return nil, err
	}
	return r.Plan, nil
}

func readOne22(db *sqlite.DB, o Options) (*reader, error) {
	if !isOne22(db) {
		return nil, errors.New("this is no database of OpenNebula 2.2: it has no table user_pool as there was then")
	}
	r := &reader{
		Options: o, Plan: &Plan{}, db: db, owners: map[int64]owner{}, groups: map[int64]int{}, clusters: map[string]int{},
		hosts: map[int64]int{}, nets: map[int64]string{}, addresses: map[int64][]lease{}, images: map[int64]string{},
		past: map[int64]bool{}, skipped: map[int64]bool{},
	}
	return r, r.counted([]counted{
		{"users", r.users}, {"clusters", r.clusterPool}, {"hosts", r.hostPool}, {"networks", r.networks},
		{"images", r.imagePool}, {"VMs of the past", r.vms}, {"addresses on hold", r.holds},
	})
}

// counted is a step of the import that answers how many objects it will import.
type counted struct {
	what string
	read func() (int, error)
}

// counted runs the steps and adds their counts to the report.
func (p *Plan) counted(parts []counted) error {
	for _, part := range parts {
		n, err := part.read()
		if err != nil {
			return err
		}
		p.count(part.what, n)
	}
	return nil
}

// ownerOf answers the owner of an object. Objects of unknown users become oneadmin's.
func (r *reader) ownerOf(uid int64, what string) owner {
	if o, ok := r.owners[uid]; ok {
		return o
	}
	r.note("%s belonged to user %d, who is not there: it will be oneadmin's", what, uid)
	return r.owners[one.OneadminID]
}

// parseTemplate parses a template as 2.2 stores it: <TEMPLATE>…</TEMPLATE>.
func parseTemplate(row sqlite.Row, what string) (attr.Template, error) {
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
