// Package fsck checks a whole store for inconsistencies: counters that differ from a recount,
// references to objects that do not exist, names that are used twice. It reports them as text,
// and can repair those for which there is one right answer.
package fsck

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Check reports everything that is wrong.
func Check(r store.Reader) object.Faults {
	c := &check{r: r}
	c.heads()
	c.references()
	c.orphans()
	return slices.Concat(c.found, vm.Audit(r), rvpe.Audit(r))
}

// Repair repairs what can be, and answers what it has repaired and what is still wrong. It
// checks again after a repair, which may reveal other faults.
func Repair(tx *store.Tx) (mended, left object.Faults) {
	for range 3 {
		some := false
		for _, f := range Check(tx) {
			if f.Mend != nil {
				f.Mend(tx)
				mended, some = append(mended, f), true
			}
		}
		if !some {
			break
		}
	}
	return mended, Check(tx)
}

type check struct {
	r     store.Reader
	found object.Faults
}
