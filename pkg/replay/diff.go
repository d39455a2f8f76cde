package replay

import (
	"fmt"

	"github.com/rogpeppe/go-internal/diff"
)

// diff shows both answers of a step as a unified diff of their trees; where
// they are the same, or nothing is recorded, it shows the answer.
func (v verdict) diff(s Step) string {
	switch {
	case v.got == nil:
		return v.detail + "\n"
	case v.want == nil:
		return v.got.String()
	}
	name := fmt.Sprintf("step %d %s", s.N, s.Name)
	out := diff.Diff(name+" recorded", []byte(v.want.String()), name+" here", []byte(v.got.String()))
	if out == nil {
		return v.got.String()
	}
	return string(out)
}
