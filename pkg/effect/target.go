package effect

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// target names an object in the index.
func target(kind one.Kind, id int) string { return kind.String() + " " + strconv.Itoa(id) }
