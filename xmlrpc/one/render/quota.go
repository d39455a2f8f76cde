package render

import (
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
		w.quotaClass(quota.Class(class), entries)
	}
}

// DefaultQuotas writes the limits of those who have none of their own.
func DefaultQuotas(w *Writer, r store.Reader, root string, of store.Key) {
	w.Open(root)
	Quotas(w, r, quota.Defaults, of)
	w.Close(root)
}

func (w *Writer) quotaClass(class quota.Class, entries []quota.Entry) {
	root := class.Name() + "_QUOTA"
	w.Open(root)
	for _, e := range entries {
		w.Open(class.Name())
		if class != quota.VMs || e.Key != "" {
			w.CDATA(class.KeyName(), e.Key)
		}
		for i, metric := range class.Metrics() {
			w.CDATA(metric, e.Limits[i].String())
			w.CDATA(metric+"_USED", e.Used[i].String())
		}
		w.Close(class.Name())
	}
	w.Close(root)
}
