// Package fsck looks through a whole store for what contradicts itself: numbers
// that a recount does not give, references to what is not there, names that two
// have. It says so in words, and mends what has one right answer when it is told
// to. A healthy store has nothing to say.
package fsck

import (
	"fmt"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Finding is one thing that is wrong.
type Finding struct {
	Text string
	mend func(tx *store.Tx) // nil: only people know what is right
}

// Check answers everything that is wrong.
func Check(r store.Reader) []Finding {
	c := &check{r: r}
	c.heads()
	c.references()
	c.orphans()
	for _, text := range vm.Audit(r) {
		c.report(nil, "%s", text)
	}
	c.usage()
	for _, f := range rvpe.Audit(r) {
		c.report(f.Mend, "%s", f.Text)
	}
	return c.found
}

// Repair mends what can be, and answers what it mended and what is still wrong.
// What one repair brings to light is repaired, too.
func Repair(tx *store.Tx) (mended, left []Finding) {
	for range 3 {
		some := false
		for _, f := range Check(tx) {
			if f.mend != nil {
				f.mend(tx)
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
	found []Finding
}

func (c *check) report(mend func(*store.Tx), format string, args ...any) {
	c.found = append(c.found, Finding{fmt.Sprintf(format, args...), mend})
}

// usage makes the findings of vm.Audit about what hosts and images have in use, and
// what everybody's quotas count, mendable: what there is is what is right.
func (c *check) usage() {
	for _, f := range vm.Miscounts(c.r) {
		i := slices.IndexFunc(c.found, func(have Finding) bool { return have.Text == f.Text })
		if i >= 0 {
			c.found[i].mend = f.Mend
		}
	}
}
