package migrate

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/sqlite"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// isRVPE tells whether a database is one of RENKEI-VPE.
func isRVPE(db *sqlite.DB) bool {
	return db.Has("users", "id", "oid", "zones", "limits") && db.Has("virtual_machines", "id", "oid", "info")
}

// rvpeReader is a database of RENKEI-VPE on its way, with the one of OpenNebula 2.2 that
// it stands on: what it calls oid is an ID in there.
type rvpeReader struct {
	*reader
	db   *sqlite.DB
	took rvpe.Imported

	members map[int64]int // the members that there will be, by RENKEI-VPE's IDs
	zones   map[string]*rvpe.Zone
	types   map[int64]*rvpe.Type
	vnets   map[int64]*rvpe.Network
	named   map[int64]rvpe.LeaseName // the leases that there are
}

// RVPE plans to take over a database of RENKEI-VPE with the one of OpenNebula 2.2 that
// it stands on.
func RVPE(db, core *sqlite.DB, o Options) (*Plan, error) {
	if !isRVPE(db) {
		return nil, errors.New("this is no database of RENKEI-VPE: it has no tables users and virtual_machines as there")
	}
	r, err := readOne22(core, o)
	if err != nil {
		return nil, fmt.Errorf("the database of OpenNebula: %w", err)
	}
	v := &rvpeReader{
		reader: r, db: db, members: map[int64]int{}, zones: map[string]*rvpe.Zone{}, types: map[int64]*rvpe.Type{},
		vnets: map[int64]*rvpe.Network{}, named: map[int64]rvpe.LeaseName{},
	}
	v.took.Last = map[string]int{}
	err = v.counted([]counted{
		{"zones of RENKEI-VPE", v.zoneRows}, {"members", v.memberRows}, {"types of VMs", v.typeRows}, {"networks of zones", v.networkRows},
		{"leases", v.leaseRows}, {"VMs of members", v.machineRows}, {"transfers", v.transferRows},
	})
	if err == nil {
		err = v.sequences()
	}
	if err != nil {
		return nil, err
	}
	v.then(func(tx *store.Tx) error { v.took.Store(tx); return nil })
	return v.Plan, nil
}

// stands tells whether an object stands on one of OpenNebula's: whether that is there,
// and has the same name. Another name means that the databases are not of one
// installation, or not of one time; then nothing is right.
func (v *rvpeReader) stands(what, name, on, has string, there bool) bool {
	switch {
	case !there:
		v.note("%s %q is left out: %s, which it stands on, is not there", what, name, on)
	case has != name:
		v.bar("%s %q stands on %s, which is %q: the databases are not of one installation", what, name, on, has)
	}
	return there && has == name
}

// memberRows reads who may do what. The administrator is member 0, whatever ID he had.
func (v *rvpeReader) memberRows() (int, error) {
	rows, err := v.db.Rows("users")
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		id, name, oid := row.Int("id"), row.Text("name"), row.Int("oid")
		o, there := v.owners[oid]
		if !v.stands("user", name, fmt.Sprintf("OpenNebula's user %d", oid), v.userName(oid, o), there) {
			continue
		}
		m := &rvpe.Member{ID: int(id), UID: o.id, Disabled: row.Int("enabled") == 0, Grants: v.grants(row)}
		if oid == one.OneadminID && id != rvpe.AdminID {
			v.note("user %s had the ID %d and will have %d, as the administrator", name, id, rvpe.AdminID)
			m.ID = rvpe.AdminID
		}
		v.members[id] = m.ID
		v.took.Members = append(v.took.Members, m)
	}
	return len(v.took.Members), nil
}

// userName is what OpenNebula 2.2 called a user.
func (v *rvpeReader) userName(oid int64, o owner) string {
	if oid == one.OneadminID {
		return v.adminName
	}
	return o.name
}

// separator is what stands between the items of a list.
const separator = ";"

// grants reads the zones that a user may run VMs in, and up to which weight. How much
// he uses follows from his VMs.
func (v *rvpeReader) grants(row sqlite.Row) (list []rvpe.Grant) {
	limits := numbers(row.Text("limits"), separator)
	for i, id := range numbers(row.Text("zones"), separator) {
		switch {
		case v.zoneWith(id) == nil:
			v.note("user %s was let into zone %d, which is not there", row.Text("name"), id)
		case i >= len(limits):
			v.note("user %s has no limit for zone %d: he may run nothing there", row.Text("name"), id)
			list = append(list, rvpe.Grant{Zone: id})
		default:
			list = append(list, rvpe.Grant{Zone: id, Limit: limits[i]})
		}
	}
	return list
}

// numbers reads a list of numbers; what is none counts as 0, as in Ruby.
func numbers(text, between string) (list []int) {
	for part := range strings.SplitSeq(text, between) {
		if part = strings.TrimSpace(part); part != "" {
			n, _ := strconv.Atoi(part)
			list = append(list, n)
		}
	}
	return list
}

func (v *rvpeReader) typeRows() (int, error) {
	rows, err := v.db.Rows("vm_types")
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		t := &rvpe.Type{
			ID: int(row.Int("id")), Name: row.Text("name"), CPU: int(row.Int("cpu")), MemoryMiB: int(row.Int("memory")),
			Weight: int(row.Int("weight")), Description: row.Text("description"),
		}
		v.types[row.Int("id")] = t
		v.took.Types = append(v.took.Types, t)
	}
	return len(rows), nil
}

// transferRows tells of sessions that were under way. They do not say whose they are,
// and here a session is somebody's: whoever began one begins it anew.
func (v *rvpeReader) transferRows() (int, error) {
	rows, err := v.db.Rows("transfers")
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		if row.Text("type") == "put" {
			v.note("the transfer of %s is left out: who sent it sends it again; the file may be deleted", row.Text("path"))
		}
	}
	return 0, nil
}

// sequences has IDs that were given once not be given again.
func (v *rvpeReader) sequences() error {
	if !v.db.Has("sqlite_sequence", "name", "seq") {
		return nil
	}
	rows, err := v.db.Rows("sqlite_sequence")
	if err != nil {
		return err
	}
	ours := map[string]string{
		"users": rvpe.MemberTable, "zones": rvpe.ZoneTable, "vm_types": rvpe.TypeTable, "virtual_networks": rvpe.NetworkTable,
		"leases": rvpe.LeaseTable, "virtual_machines": rvpe.MachineTable,
	}
	for _, row := range rows {
		if table, known := ours[row.Text("name")]; known && row.Int("seq") > 0 {
			v.took.Last[table] = int(row.Int("seq"))
		}
	}
	return nil
}
