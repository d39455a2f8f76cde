package render

import (
	"cmp"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Quotas writes the quotas of a row of a table, class by class.
func Quotas(w *Writer, r store.Reader, table *store.Table[quota.Quotas], key store.Key) {
	q, ok := table.Get(r, key)
	if !ok {
		q = &quota.Quotas{}
	}
	for class, entries := range q.Entries {
		w.quotaClass(quota.Class(class), q, entries)
	}
}

// DefaultQuotas writes the default limits.
func DefaultQuotas(w *Writer, r store.Reader, root string, of store.Key) {
	w.Open(root)
	Quotas(w, r, quota.Defaults, of)
	w.Close(root)
}

func (w *Writer) quotaClass(class quota.Class, q *quota.Quotas, entries []quota.Entry) {
	metrics := q.Metrics(class)
	root := class.Name() + "_QUOTA"
	w.Open(root)
	for _, e := range entries {
		w.Open(class.Name())
		if class != quota.VMs || e.Key != "" {
			w.CDATA(class.KeyName(), e.Key)
		}
		for _, i := range byName(metrics) {
			w.CDATA(metrics[i], e.Limits[i].String())
			w.CDATA(metrics[i]+"_USED", e.Used[i].String())
		}
		w.Close(class.Name())
	}
	w.Close(root)
}

// byName returns the indexes of metrics, sorted by name as oned shows them; the built-in ones
// are sorted already.
func byName(metrics []string) []int {
	places := make([]int, len(metrics))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(metrics[a], metrics[b]) })
	return places
}
