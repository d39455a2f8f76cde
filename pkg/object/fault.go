package object

import (
	"fmt"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// Fault is where what a store holds contradicts itself.
type Fault struct {
	Text string             // what is kept, and what there is instead
	Mend func(tx *store.Tx) // makes it right; nil: only people know what is right
}

// Faults gathers what a look through a store finds.
type Faults []Fault

// Add enters a fault that people have to look at.
func (f *Faults) Add(format string, args ...any) { f.AddMendable(nil, format, args...) }

// AddMendable enters a fault that has one right answer.
func (f *Faults) AddMendable(mend func(tx *store.Tx), format string, args ...any) {
	*f = append(*f, Fault{Text: fmt.Sprintf(format, args...), Mend: mend})
}

// Texts answers what is wrong, in words.
func (f Faults) Texts() (list []string) {
	for _, fault := range f {
		list = append(list, fault.Text)
	}
	return list
}
