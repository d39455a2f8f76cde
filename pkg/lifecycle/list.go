package lifecycle

import (
	"cmp"
	"slices"
)

// Statuses lists every status that the table knows, in the order of the numbers.
func Statuses() []Status {
	var all []Status
	for s := range steps {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b Status) int {
		return cmp.Or(cmp.Compare(a.State, b.State), cmp.Compare(a.LCM, b.LCM), cmp.Compare(a.Detail, b.Detail))
	})
	return all
}
