package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// CountFurther sets the generic quotas (VM_QUOTA_ATTRIBUTES). If they have changed, the usage of
// all users and groups is recalculated.
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
