// Package fsck looks through a whole store for what contradicts itself: numbers
// that a recount does not give, references to what is not there, names that two
// have. It says so in words, and mends what has one right answer when it is told
// to. A healthy store has nothing to say.
package fsck

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Check answers everything that is wrong.
func Check(r store.Reader) object.Faults {
	c := &check{r: r}
	c.heads()
	c.references()
	c.orphans()
	return slices.Concat(c.found, vm.Audit(r), rvpe.Audit(r))
}

// Repair mends what can be, and answers what it mended and what is still wrong.
// What one repair brings to light is repaired, too.
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
