package quota

import (
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// Quotas has all quotas of a user or group, or the defaults.
type Quotas struct {
	Entries [classes][]Entry `cbor:"1,keyasint"`           // in the order of their creation
	Further []string         `cbor:"2,keyasint,omitempty"` // names of the additional metrics of VMs
}

// Entry is a quota: the limit and the usage of every metric of its class.
type Entry struct {
	Key    string   `cbor:"1,keyasint"` // an ID; for VM quotas "" or a list of clusters
	Limits []Amount `cbor:"2,keyasint"`
	Used   []Amount `cbor:"3,keyasint"`
}

// Tables of quotas, by the ID of the user or group.
var (
	Users  = store.NewTable[Quotas]("userquota")
	Groups = store.NewTable[Quotas]("groupquota")
)

// Defaults has the default limits.
var Defaults = store.NewTable[Quotas]("defaultquota")

// Keys of Defaults.
var (
	OfUsers  = store.ID(0)
	OfGroups = store.ID(1)
)

// Tables are the tables of this package, for store.Open.
func Tables() []store.AnyTable { return []store.AnyTable{Users, Groups, Defaults, further} }

// Clone implements store.Cloner.
func (q *Quotas) Clone() *Quotas {
	c := Quotas{Further: slices.Clone(q.Further)}
	for class, entries := range q.Entries {
		c.Entries[class] = slices.Clone(entries)
		for i := range c.Entries[class] {
			e := &c.Entries[class][i]
			e.Limits, e.Used = slices.Clone(e.Limits), slices.Clone(e.Used)
		}
	}
	return &c
}

// find returns the quota with a key, or nil.
func (q *Quotas) find(class Class, key string) *Entry {
	for i := range q.Entries[class] {
		if e := &q.Entries[class][i]; e.Key == key {
			return e
		}
	}
	return nil
}

// ofCluster returns the VM quota for a list with that cluster, or nil.
func (q *Quotas) ofCluster(cluster int) *Entry {
	for i := range q.Entries[VMs] {
		e := &q.Entries[VMs][i]
		if e.Key != "" && slices.Contains(strings.Split(e.Key, ","), strconv.Itoa(cluster)) {
			return e
		}
	}
	return nil
}

// findOrAdd returns the quota with a key. A missing one is created with implicit limits.
func (q *Quotas) findOrAdd(class Class, key string, implicit Amount) *Entry {
	if e := q.find(class, key); e != nil {
		return e
	}
	n := len(q.Metrics(class))
	e := Entry{Key: key, Limits: slices.Repeat([]Amount{implicit}, n), Used: make([]Amount, n)}
	q.Entries[class] = append(q.Entries[class], e)
	return &q.Entries[class][len(q.Entries[class])-1]
}

// tidy removes quotas without limits and usage. A quota for clusters is removed when it has no
// limits.
func (q *Quotas) tidy(implicit Amount) {
	for class := range q.Entries {
		q.Entries[class] = slices.DeleteFunc(q.Entries[class], func(e Entry) bool {
			clusters := Class(class) == VMs && e.Key != ""
			unset := implicit
			if clusters {
				unset = Unlimited
			}
			return all(e.Limits, unset) && (clusters || all(e.Used, 0))
		})
	}
}

func all(list []Amount, a Amount) bool {
	return !slices.ContainsFunc(list, func(b Amount) bool { return b != a })
}

// empty reports whether there are no quotas at all.
func (q *Quotas) empty() bool {
	for _, entries := range q.Entries {
		if len(entries) > 0 {
			return false
		}
	}
	return true
}

// edit returns quotas that may be changed and passed to keep.
func edit(tx *store.Tx, table *store.Table[Quotas], key store.Key) *Quotas {
	if q, ok := table.Edit(tx, key); ok {
		return q
	}
	return &Quotas{Further: Further(tx)}
}

// keep stores the quotas from edit; empty quotas have no row.
func keep(tx *store.Tx, table *store.Table[Quotas], key store.Key, q *Quotas) {
	if q.empty() {
		if _, ok := table.Get(tx, key); ok {
			table.Delete(tx, key)
		}
		return
	}
	table.Put(tx, key, q)
}
