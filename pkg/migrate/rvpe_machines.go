package migrate

import (
	"cmp"
	"go.yaml.in/yaml/v4"

	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/sqlite"
)

// machineRows imports the VMs that members ever had. OpenNebula's database tells which of them
// are not done.
func (v *rvpeReader) machineRows() (int, error) {
	rows, err := v.db.Rows("virtual_machines")
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		oid := row.Int("oid")
		if v.past[oid] {
			v.imported.Machines = append(v.imported.Machines, v.machine(row))
			continue
		}
		if !v.skipped[oid] && v.LeaveRunning {
			v.note("VM %q is left out: OpenNebula's VM %d, which it stands on, is not there", row.Text("name"), oid)
		}
	}
	return len(v.imported.Machines), nil
}

// called has the names of what a VM was made from, which may be deleted by now.
type called struct {
	ID   int    `yaml:"ID"`
	Name string `yaml:"NAME"`
}

// info is the column of a VM with these names. RENKEI-VPE's first versions did not have it.
type info struct {
	User   called `yaml:"USER"`
	Zone   called `yaml:"ZONE"`
	Image  called `yaml:"IMAGE"`
	Type   called `yaml:"TYPE"`
	Leases []struct {
		ID      int    `yaml:"ID"`
		Name    string `yaml:"NAME"`
		Address string `yaml:"ADDRESS"`
	} `yaml:"LEASES"`
}

func (v *rvpeReader) machine(row sqlite.Row) *rvpe.Machine {
	var told info
	if err := yaml.Unmarshal([]byte(row.Text("info")), &told); err != nil {
		v.note("what VM %q was made of cannot be read: %v", row.Text("name"), err)
		told = info{}
	}
	k := &rvpe.Machine{
		ID: int(row.Int("id")), VMID: int(row.Int("oid")), Name: row.Text("name"), MemberID: int(row.Int("user_id")),
		ZoneID: int(row.Int("zone_id")), TypeID: int(row.Int("type_id")), ImageID: int(row.Int("image_id")),
		Member: cmp.Or(told.User.Name, v.memberName(row.Int("user_id"))), Zone: cmp.Or(told.Zone.Name, v.zoneName(int(row.Int("zone_id")))),
		Image: cmp.Or(told.Image.Name, v.images[row.Int("image_id")], gone),
		Type:  gone,
	}
	if id, known := v.members[row.Int("user_id")]; known {
		k.MemberID = id
	}
	if t := v.types[row.Int("type_id")]; t != nil {
		k.Type, k.Weight = t.Name, t.Weight
	}
	k.Type = cmp.Or(told.Type.Name, k.Type)
	for _, l := range told.Leases {
		k.Leases = append(k.Leases, rvpe.LeaseName{ID: l.ID, Name: l.Name, IP: l.Address})
	}
	if k.Leases == nil {
		k.Leases = v.leasesOf(row)
	}
	k.Name = k.Leases[0].Name
	return k
}

// gone is RENKEI-VPE's text for objects that it cannot find.
const gone = "Missing, manually deleted."

func (v *rvpeReader) memberName(id int64) string {
	if m, known := v.members[id]; known {
		for _, has := range v.imported.Members {
			if has.ID == m {
				return v.nameOf(has.UID)
			}
		}
	}
	return gone
}

// nameOf is the name of a user, by the ID after the import.
func (v *rvpeReader) nameOf(uid int) string {
	for oid, o := range v.owners {
		if o.id == uid {
			return v.userName(oid, o)
		}
	}
	return gone
}

func (v *rvpeReader) zoneName(id int) string {
	for name, z := range v.zones {
		if z.ID == id {
			return name
		}
	}
	return gone
}

// leasesOf finds the leases of a VM by their IDs; the VM is named after the first.
func (v *rvpeReader) leasesOf(row sqlite.Row) (list []rvpe.LeaseName) {
	for _, id := range numbers(row.Text("leases"), separator) {
		l, known := v.named[int64(id)]
		if !known {
			l = rvpe.LeaseName{ID: id, Name: gone, IP: gone}
		}
		list = append(list, l)
	}
	if list == nil {
		list = []rvpe.LeaseName{{ID: int(row.Int("lease_id")), IP: gone}}
	}
	list[0].Name = row.Text("name")
	return list
}
