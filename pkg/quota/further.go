package quota

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// RunningPrefix is the prefix of metrics that count running VMs only.
const RunningPrefix = "RUNNING_"

// counted is the only row of the table further: the names of the metrics.
type counted struct {
	Names []string `cbor:"1,keyasint"`
}

// Clone implements store.Cloner.
func (c *counted) Clone() *counted { return &counted{Names: slices.Clone(c.Names)} }

// further is stored because the stored usage refers to these names.
var further = store.NewTable[counted]("quotametric")

var onlyRow = store.ID(0)

// Further lists the attributes of VMs that quotas count in addition to the built-in metrics
// (QUOTA_VM_ATTRIBUTE of oned.conf), in the order of checks.
func Further(r store.Reader) []string {
	if c, ok := further.Get(r, onlyRow); ok {
		return c.Names
	}
	return nil
}

// SetFurther sets the attributes that all VM quotas count in addition. Limits of attributes
// that were counted before are kept. The caller must recount the usage.
func SetFurther(tx *store.Tx, names []string) {
	further.Put(tx, onlyRow, &counted{Names: names})
	for table, implicit := range map[*store.Table[Quotas]]Amount{Users: Default, Groups: Default, Defaults: Unlimited} {
		for _, key := range keysOf(tx, table) {
			q := edit(tx, table, key)
			q.count(names, implicit)
			q.tidy(implicit)
			keep(tx, table, key, q)
		}
	}
}

func keysOf(r store.Reader, table *store.Table[Quotas]) (keys []store.Key) {
	for row := range table.All(r) {
		keys = append(keys, row.Key)
	}
	return keys
}

// count replaces the additional metrics of the VM quotas by those in names.
func (q *Quotas) count(names []string, implicit Amount) {
	before := q.Metrics(VMs)
	q.Further = names
	after := q.Metrics(VMs)
	for i := range q.Entries[VMs] {
		e := &q.Entries[VMs][i]
		unset := implicit
		if e.Key != "" {
			unset = Unlimited
		}
		limits, used := slices.Repeat([]Amount{unset}, len(after)), make([]Amount, len(after))
		for to, metric := range after {
			if from := slices.Index(before, metric); from >= 0 {
				limits[to], used[to] = e.Limits[from], e.Used[from]
			}
		}
		e.Limits, e.Used = limits, used
	}
}

// Metrics are the metrics of a class: the built-in ones in the order in which they are shown,
// then the additional ones, each followed by the one for running VMs.
func (q *Quotas) Metrics(c Class) []string {
	if c != VMs || len(q.Further) == 0 {
		return metrics[c]
	}
	all := slices.Clone(metrics[c])
	for _, name := range q.Further {
		all = append(all, name, RunningPrefix+name)
	}
	return all
}

// asked are the indexes of the metrics of a class in oned's order of checks: an error names the
// first limit that is exceeded.
func (q *Quotas) asked(c Class) []int {
	order := asked[c]
	for i := len(metrics[c]); i < len(q.Metrics(c)); i++ {
		order = append(order[:len(order):len(order)], i)
	}
	return order
}

// attribute is the form of names of attributes.
var attribute = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

// CheckFurther refuses names that cannot be additional metrics.
func CheckFurther(names []string) error {
	for i, name := range names {
		switch {
		case !attribute.MatchString(name):
			return fmt.Errorf("%q is not the name of an attribute, such as VCPU", name)
		case slices.Contains(metrics[VMs], name), strings.HasPrefix(name, RunningPrefix), slices.Contains(names[:i], name):
			return fmt.Errorf("%s is counted already: leave it out", name)
		}
	}
	return nil
}
