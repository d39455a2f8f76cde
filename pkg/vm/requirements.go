package vm

import (
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// schedulingOf replaces the variables in SCHED_REQUIREMENTS, which stays in USER_TEMPLATE.
// REQUIREMENTS is its old name.
func schedulingOf(tx *store.Tx, _ Settings, v *VM) error {
	if !v.User.Has("SCHED_REQUIREMENTS") {
		if old := take(v, "REQUIREMENTS"); old != "" {
			v.User.Set("SCHED_REQUIREMENTS", old)
		}
	}
	v.User.Del("REQUIREMENTS")
	named := v.User.Named("SCHED_REQUIREMENTS")
	switch {
	case len(named) == 0:
		return nil
	case len(named) > 1:
		return bad("Only one SCHED_REQUIREMENTS attribute can be defined.")
	case named[0].IsVector:
		return bad("Wrong format for SCHED_REQUIREMENTS attribute.")
	}
	text, err := substitute(tx, v, named[0].Value)
	if err != nil {
		return err
	}
	v.User.Set("SCHED_REQUIREMENTS", text)
	return nil
}

// requirements sets AUTOMATIC_*_REQUIREMENTS from the clusters of the VM's images and networks
// (VirtualMachine::automatic_requirements).
func requirements(tx *store.Tx, _ Settings, v *VM) error {
	clusters, err := clustersFor(tx, v)
	if err != nil {
		return err
	}
	stores, shareable, err := systemStoresFor(tx, v)
	if err != nil {
		return err
	}
	v.Template.Del("AUTOMATIC_REQUIREMENTS")
	v.Template.Del("AUTOMATIC_DS_REQUIREMENTS")
	v.Template.Del("AUTOMATIC_NIC_REQUIREMENTS")
	v.Template.Set("AUTOMATIC_REQUIREMENTS", hostRequirements(v, clusters))
	if len(clusters) > 0 {
		v.Template.Set("AUTOMATIC_NIC_REQUIREMENTS", anyOf(`"CLUSTERS/ID" @> `, clusters))
	}
	if text := storeRequirements(v, clusters, stores, shareable); text != "" {
		v.Template.Set("AUTOMATIC_DS_REQUIREMENTS", text)
	}
	return nil
}

func hostRequirements(v *VM, clusters []int) string {
	var terms []string
	if len(clusters) > 0 {
		terms = append(terms, anyOf("CLUSTER_ID = ", clusters))
	}
	if Pinned(v) {
		terms = append(terms, "(PIN_POLICY = PINNED)")
	} else {
		terms = append(terms, "!(PIN_POLICY = PINNED)")
	}
	for feature := range strings.SplitSeq(v.Template.Vector("CPU_MODEL").Get("FEATURES"), ",") {
		if feature != "" {
			terms = append(terms, `(KVM_CPU_FEATURES = "*`+feature+`*")`)
		}
	}
	if kind := v.Template.Vector("MEMORY_ENCRYPTION").Get("TYPE"); kind != "" {
		terms = append(terms, `(MEMORY_ENCRYPTION = "`+encryptionPattern(kind)+`")`)
	}
	return strings.Join(terms, " & ")
}

// encryptionPattern matches the host's MEMORY_ENCRYPTION: newer generations of SEV include older
// ones.
func encryptionPattern(kind string) string {
	switch kind {
	case "SEV":
		return "SEV*"
	case "SEV-ES":
		return "SEV-*"
	}
	return kind
}

func storeRequirements(v *VM, clusters, stores []int, shareable bool) string {
	var terms []string
	if len(clusters) > 0 {
		terms = append(terms, anyOf(`"CLUSTERS/ID" @> `, clusters))
	}
	if len(stores) > 0 {
		terms = append(terms, anyOf(`"ID" @> `, stores))
	}
	if tm := strings.TrimSpace(v.Template.Get("TM_MAD_SYSTEM")); tm != "" && len(terms) > 0 {
		terms = append(terms, `(TM_MAD = "`+tm+`")`)
	}
	if shareable {
		terms = append(terms, `(SHARED = "YES")`)
	}
	return strings.Join(terms, " & ")
}

// anyOf returns (term 1 | term 2).
func anyOf(term string, ids []int) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = term + strconv.Itoa(id)
	}
	return "(" + strings.Join(words, " | ") + ")"
}

// Pinned tells whether a VM's CPUs are pinned to cores of its host.
func Pinned(v *VM) bool {
	policy := strings.ToUpper(v.Template.Vector("TOPOLOGY").Get("PIN_POLICY"))
	return policy != "" && policy != "NONE"
}

// clustersFor returns the clusters that have all images and networks of the VM; an empty list
// means any cluster. It updates CLUSTER_ID of disks and NICs.
func clustersFor(r store.Reader, v *VM) ([]int, error) {
	var have []int
	os := v.Template.Vector("OS")
	for _, name := range []string{"KERNEL", "INITRD"} {
		if err := narrow(&have, os, name+"_DS_CLUSTER_ID", name, -1); err != nil {
			return nil, err
		}
	}
	for i, d := range v.Template.Vectors("DISK") {
		if id, ok := d.Int("DATASTORE_ID"); ok {
			if ds, there := datastore.Kind.Table.Get(r, store.ID(id)); there {
				d.Set("CLUSTER_ID", joinIDs(ds.Clusters))
			}
		}
		if err := narrow(&have, d, "CLUSTER_ID", "DISK", i); err != nil {
			return nil, err
		}
	}
	for i, nic := range v.nics() {
		if nic.Name == "NIC_ALIAS" || mode(nic) == "DUMMY" {
			continue
		}
		setNICClusters(r, nic)
		if err := narrow(&have, nic, "CLUSTER_ID", nic.Name, i); err != nil {
			return nil, err
		}
	}
	return have, nil
}

// narrow intersects the clusters with those of a device.
func narrow(have *[]int, device *attr.Attr, key, what string, n int) error {
	list, said := device.Lookup(key)
	if !said {
		return nil
	}
	these := splitIDs(list)
	if len(these) == 0 {
		return bad("Missing clusters. %s is not in any cluster", belonging(what, n))
	}
	if *have == nil {
		*have = these
		return nil
	}
	both := slices.DeleteFunc(slices.Clone(*have), func(id int) bool { return !slices.Contains(these, id) })
	if len(both) == 0 {
		return bad("Incompatible clusters in %s. %s is not in the same cluster as the one used by other VM elements (cluster %s)",
			what, belonging(what, n), joinIDs(*have))
	}
	*have = both
	return nil
}

// belonging is the resource of a device that has to be in the cluster, for error messages.
func belonging(what string, n int) string {
	switch what {
	case "DISK":
		return "Datastore for DISK " + strconv.Itoa(n)
	case "NIC", "PCI":
		return "Network for " + what + " " + strconv.Itoa(n)
	}
	return what + " datastore"
}

// systemStoresFor returns the system datastores that are compatible with all images
// (COMPATIBLE_SYS_DS); an empty list means any. It also returns whether a disk is shareable.
func systemStoresFor(r store.Reader, v *VM) (have []int, shareable bool, err error) {
	for i, d := range v.Template.Vectors("DISK") {
		if yes, _ := d.Bool("SHAREABLE"); yes {
			shareable = true
		}
		id, ok := d.Int("DATASTORE_ID")
		ds, there := datastore.Kind.Table.Get(r, store.ID(id))
		if !ok || !there {
			continue
		}
		these := splitIDs(ds.Template.Get("COMPATIBLE_SYS_DS"))
		if len(these) == 0 {
			continue
		}
		if have == nil {
			have = these
			continue
		}
		both := slices.DeleteFunc(slices.Clone(have), func(id int) bool { return !slices.Contains(these, id) })
		if len(both) == 0 {
			return nil, shareable, bad("Incompatible system datastore in DISK. Images Datastore for DISK %d"+
				" has not the same complatible system datastore(system datastores %s)", i, joinIDs(have))
		}
		have = both
	}
	return have, shareable, nil
}
