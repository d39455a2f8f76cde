package migrate

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/document"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/template"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vdc"
	"github.com/renkei-vpe/renkei/pkg/vmgroup"
	"github.com/renkei-vpe/renkei/pkg/vntemplate"
)

func (r *reader7) group(e *element) bool {
	g := &group.Group{Meta: meta(e), Admins: e.ids("ADMINS")}
	g.GID, g.GName, g.Perms = g.ID, g.Name, 0o640
	return keep(r.Plan, group.Kind, g)
}

// user imports a user and his password. oneadmin and serveradmin exist already, with passwords
// of their own.
func (r *reader7) user(e *element) bool {
	u := &user.User{Meta: meta(e), Groups: e.ids("GROUPS"), AuthDriver: e.str("AUTH_DRIVER"), Enabled: e.int("ENABLED") != 0}
	u.UID, u.UName, u.Perms = u.ID, "", 0o600
	if u.ID == one.OneadminID || u.ID == one.ServeradminID {
		r.addStep(func(tx *store.Tx) error {
			is, err := user.Kind.Edit(tx, u.ID)
			if err == nil {
				is.Template = u.Template
				user.Kind.Put(tx, is)
			}
			return err
		})
		return true
	}
	secrets, err := r.secretsOf(u.AuthDriver, strings.TrimSpace(e.str("PASSWORD")))
	if err != nil {
		r.note("user %s has a password that nothing is known of (%v): give him another", u.Name, err)
	}
	u.Secret, u.SHA1Secret = secrets.Secret, secrets.SHA1Secret
	return keep(r.Plan, user.Kind, u)
}

// secretsOf converts a stored password: OpenNebula 7 has SHA-256 hashes; older versions had
// SHA-1, which is replaced when the user logs in.
func (r *reader7) secretsOf(driver, kept string) (user.Secrets, error) {
	if driver != user.DriverCore && driver != "" {
		return user.Secrets{Secret: kept}, nil
	}
	if user.IsSHA1Hex(kept) {
		return user.OldSecrets(kept, r.HashCost)
	}
	secret, err := user.SecretOfSum(kept, r.HashCost)
	return user.Secrets{Secret: secret}, err
}

func (r *reader7) vdc(e *element) bool {
	list := func(all, one string) (list []vdc.Resource) {
		for _, kid := range e.at(all).all(one) {
			list = append(list, vdc.Resource{ZoneID: kid.int("ZONE_ID"), ID: kid.int(one + "_ID")})
		}
		return list
	}
	return keep(r.Plan, vdc.Kind, &vdc.VDC{
		Meta: meta(e), Groups: e.ids("GROUPS"), Clusters: list("CLUSTERS", "CLUSTER"), Hosts: list("HOSTS", "HOST"),
		Datastores: list("DATASTORES", "DATASTORE"), VNets: list("VNETS", "VNET"),
	})
}

func (r *reader7) template(e *element) bool {
	return keep(r.Plan, template.Kind, &template.Template{Meta: meta(e), RegTime: e.num("REGTIME")})
}

func (r *reader7) vnTemplate(e *element) bool {
	return keep(r.Plan, vntemplate.Kind, &vntemplate.VNTemplate{Meta: meta(e), RegTime: e.num("REGTIME")})
}

// vmGroup imports a VM group without the VMs in it, as these are not imported.
func (r *reader7) vmGroup(e *element) bool {
	g := &vmgroup.VMGroup{Meta: meta(e), Roles: e.at("ROLES").template()}
	for _, role := range g.Roles.Vectors("ROLE") {
		role.Del("VMS")
	}
	return keep(r.Plan, vmgroup.Kind, g)
}

func (r *reader7) document(e *element) bool {
	return keep(r.Plan, document.Kind, &document.Document{Meta: meta(e), Type: e.int("TYPE")})
}

// quotas makes an import step of the limits in a table. Usage is computed.
func (r *reader7) quotas(table, column string) func() (int, error) {
	return func() (n int, err error) {
		if !r.db.Has(table, column, "body") {
			return 0, nil
		}
		rows, err := r.db.Rows(table)
		if err != nil {
			return 0, err
		}
		kinds := map[string]*store.Table[quota.Quotas]{"user_quotas": quota.Users, "group_quotas": quota.Groups}
		for _, row := range rows {
			e, err := readXML(row.Text("body"))
			if err != nil {
				return 0, err
			}
			id, limits := int(row.Int(column)), limitsOf(e)
			if len(limits) == 0 {
				continue
			}
			r.addStep(func(tx *store.Tx) error {
				return quota.SetLimits(tx, kinds[table], id, limits, func(store.Reader, []int) quota.Delta { return quota.Delta{} })
			})
			n++
		}
		return n, nil
	}
}

// limitsOf converts quotas to the template that one.user.quota takes, without limits that are
// defaults.
func limitsOf(e *element) (t attr.Template) {
	for _, class := range []string{"DATASTORE", "NETWORK", "VM", "IMAGE"} {
		for _, entry := range e.at(class + "_QUOTA").all(class) {
			v, says := attr.NewVector(class), false
			for _, kid := range entry.kids {
				if strings.HasSuffix(kid.name, "_USED") {
					continue
				}
				v.Set(kid.name, kid.text)
				named := kid.name == "ID" || kid.name == "CLUSTER_IDS"
				says = says || !named && kid.text != "-1" && kid.text != ""
			}
			if says {
				t.Add(v)
			}
		}
	}
	return t
}
