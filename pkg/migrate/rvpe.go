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

// rvpeReader reads a database of RENKEI-VPE into a plan, together with the database of
// OpenNebula 2.2 to whose IDs its oid columns refer.
type rvpeReader struct {
	*reader
	db       *sqlite.DB
	imported rvpe.Imported

	members map[int64]int // the member IDs after the import, by RENKEI-VPE's IDs
	zones   map[string]*rvpe.Zone
	types   map[int64]*rvpe.Type
	vnets   map[int64]*rvpe.Network
	named   map[int64]rvpe.LeaseName // the leases that are imported
}

// RVPE plans the import of a database of RENKEI-VPE and the one of OpenNebula 2.2 that belongs
// to it.
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
	v.imported.Last = map[string]int{}
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
	v.addStep(func(tx *store.Tx) error { v.imported.Store(tx); return nil })
	return v.Plan, nil
}

// matches tells whether the OpenNebula object of a row exists and has the same name. Another
// name means that the databases belong to different installations or were copied at different
// times, which blocks the import.
func (v *rvpeReader) matches(what, name, on, has string, there bool) bool {
	switch {
	case !there:
		v.note("%s %q is left out: %s, which it stands on, is not there", what, name, on)
	case has != name:
		v.block("%s %q stands on %s, which is %q: the databases are not of one installation", what, name, on, has)
	}
	return there && has == name
}

// memberRows imports members. The administrator becomes member 0, whatever ID he had.
func (v *rvpeReader) memberRows() (int, error) {
	rows, err := v.db.Rows("users")
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		id, name, oid := row.Int("id"), row.Text("name"), row.Int("oid")
		o, there := v.owners[oid]
		if !v.matches("user", name, fmt.Sprintf("OpenNebula's user %d", oid), v.userName(oid, o), there) {
			continue
		}
		m := &rvpe.Member{ID: int(id), UID: o.id, Disabled: row.Int("enabled") == 0, Grants: v.grants(row)}
		if oid == one.OneadminID && id != rvpe.AdminID {
			v.note("user %s had the ID %d and will have %d, as the administrator", name, id, rvpe.AdminID)
			m.ID = rvpe.AdminID
		}
		v.members[id] = m.ID
		v.imported.Members = append(v.imported.Members, m)
	}
	return len(v.imported.Members), nil
}

// userName is the name of a user in OpenNebula 2.2.
func (v *rvpeReader) userName(oid int64, o owner) string {
	if oid == one.OneadminID {
		return v.adminName
	}
	return o.name
}

// separator separates the items of a list.
const separator = ";"

// grants reads the zones in which a user may run VMs, with their quotas. Usage is computed.
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

// numbers parses a list of numbers; anything else counts as 0, as in Ruby.
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
		v.imported.Types = append(v.imported.Types, t)
	}
	return len(rows), nil
}

// transferRows notes transfers that are going on. They are not imported, because the database
// does not say whose they are; users have to start them again.
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

// sequences makes sure that IDs of deleted objects are not given out again.
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
			v.imported.Last[table] = int(row.Int("seq"))
		}
	}
	return nil
}
