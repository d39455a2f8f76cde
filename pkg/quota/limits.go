package quota

import (
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// InClusters returns the usage of a user's or group's VMs in some clusters. It is the initial
// usage of a new quota for clusters.
type InClusters func(r store.Reader, clusters []int) Delta

// SetLimits sets the limits of a user or group from a template. An entry replaces all limits of
// the quota with the same key; other quotas stay.
func SetLimits(tx *store.Tx, table *store.Table[Quotas], id int, t attr.Template, used InClusters) error {
	whose := attr.Pair{Key: "UID", Value: strconv.Itoa(id)}
	if table == Groups {
		whose.Key = "GID"
	}
	s := setter{tx: tx, implicit: Default, used: used, quotas: edit(tx, table, store.ID(id)), whose: whose}
	if err := s.template(t); err != nil {
		return err
	}
	keep(tx, table, store.ID(id), s.quotas)
	return nil
}

// SetDefaults sets the default limits, of OfUsers or OfGroups.
func SetDefaults(tx *store.Tx, of store.Key, t attr.Template) error {
	vms := t.Vectors(VMs.Name())
	switch {
	case len(vms) > 1:
		return one.Errorf(one.CodeAction, "Only one default VM quota can be defined")
	case len(vms) == 1 && vms[0].Get(VMs.KeyName()) != "":
		return one.Errorf(one.CodeAction, "CLUSTER_IDS attribute is not allowed for default VM quota")
	}
	s := setter{tx: tx, implicit: Unlimited, quotas: edit(tx, Defaults, of)}
	if err := s.template(t); err != nil {
		return err
	}
	keep(tx, Defaults, of, s.quotas)
	return nil
}

// Forget removes the quotas of a deleted user or group.
func Forget(tx *store.Tx, table *store.Table[Quotas], id int) { table.Delete(tx, store.ID(id)) }

// setter changes the limits of one row.
type setter struct {
	tx       *store.Tx
	quotas   *Quotas
	implicit Amount // the value of limits that are not given
	used     InClusters
	whose    attr.Pair // an attribute that oned adds to VM quotas, except the defaults
}

func (s setter) template(t attr.Template) error {
	for _, class := range []Class{Datastores, Networks, Images, VMs} {
		for _, v := range t.Vectors(class.Name()) {
			if err := s.entry(class, v); err != nil {
				return err
			}
		}
	}
	s.quotas.tidy(s.implicit)
	return nil
}

func (s setter) entry(class Class, v *attr.Attr) error {
	limits, ok := s.limits(class, v)
	key := v.Get(class.KeyName())
	if class != VMs {
		ok = ok && isID(key)
	}
	if !ok {
		return one.Errorf(one.CodeAction, "Negative limits or bad format in quota %s = [ %s ]", class.Name(), s.marshal(class, v))
	}
	if class == VMs && key != "" {
		return s.clusters(key, limits)
	}
	s.quotas.findOrAdd(class, key, s.implicit).Limits = limits
	return nil
}

// limits reads the limit of every metric. Values that are not numbers are ignored, as in oned.
func (s setter) limits(class Class, v *attr.Attr) ([]Amount, bool) {
	var limits []Amount
	for _, metric := range s.quotas.Metrics(class) {
		a, ok := parseAmount(v.Get(metric))
		if !ok {
			a = s.implicit
		}
		if a < 0 && a != Unlimited && a != s.implicit {
			return nil, false
		}
		limits = append(limits, a)
	}
	return limits, true
}

// clusters sets the VM quota for a list of clusters. A cluster can only be in one quota.
func (s setter) clusters(list string, limits []Amount) error {
	ids, key, ok := clusterList(list)
	if !ok {
		return one.Errorf(one.CodeAction, "CLUSTER_IDS = %q is not a list of cluster IDs such as 0,100", list)
	}
	e := s.quotas.find(VMs, key)
	if e == nil {
		for _, id := range ids {
			if _, err := cluster.Kind.Get(s.tx, id); err != nil {
				return one.Errorf(one.CodeAction, "Cluster %d does not exist", id)
			}
			if s.quotas.ofCluster(id) != nil {
				return one.Errorf(one.CodeAction, "Quota for cluster id %d already exists", id)
			}
		}
		e = s.quotas.findOrAdd(VMs, key, Unlimited)
		if s.used != nil {
			e.Used = s.used(s.tx, ids).ofVM(s.quotas.Further)
		}
	}
	for i, a := range limits {
		if a == Default { // quotas for clusters have no defaults
			limits[i] = Unlimited
		}
	}
	e.Limits = limits
	return nil
}

// clusterList reads a list of clusters and returns it sorted and without duplicates.
func clusterList(text string) (ids []int, key string, ok bool) {
	for _, word := range strings.Split(text, ",") {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		id, err := strconv.Atoi(word)
		if err != nil {
			return nil, "", false
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = strconv.Itoa(id)
	}
	return ids, strings.Join(words, ","), len(ids) > 0
}

// isID reports whether oned accepts a text as an ID: any 32-bit number in any notation. The
// text itself becomes the key.
func isID(text string) bool {
	_, err := strconv.ParseInt(text, 10, 32)
	return err == nil
}

// marshal writes the pairs of a vector as in oned's error texts.
func (s setter) marshal(class Class, v *attr.Attr) string {
	noted := v.Clone()
	if class == VMs && s.whose.Key != "" {
		noted.Set(s.whose.Key, s.whose.Value)
	}
	var pairs []string
	for _, p := range noted.Vector {
		pairs = append(pairs, p.Key+"="+p.Value)
	}
	return strings.Join(pairs, ",")
}
