package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// CountFurther has quotas count these attributes of VMs, too. When they are others than
// before, what everybody uses is counted anew.
func CountFurther(tx *store.Tx, names []string) {
	if slices.Equal(quota.Further(tx), names) {
		return
	}
	quota.SetFurther(tx, names)
	for _, p := range payers {
		for id, uses := range usesOf(tx, p.of) {
			if id > p.exempt {
				quota.Recount(tx, p.table, id, uses)
			}
		}
	}
}
