package render

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/acl"
)

// Rule writes an ACL rule.
func Rule(w *Writer, r *acl.Rule) {
	w.Open("ACL")
	w.Int("ID", int64(r.ID))
	w.Text("USER", hex(r.User))
	w.Text("RESOURCE", hex(r.Resource))
	w.Text("RIGHTS", hex(r.Rights))
	w.Text("ZONE", hex(r.Zone))
	w.Text("STRING", r.String())
	w.Close("ACL")
}

func hex(n uint64) string { return strconv.FormatUint(n, 16) }
