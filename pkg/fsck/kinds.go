package fsck

import (
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/schema"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// heads checks what all objects share: IDs and names.
func (c *check) heads() {
	for _, k := range schema.Kinds() {
		for key, h := range k.Heads(c.r) {
			if key != store.ID(h.ID) {
				c.found.Add("%s %d is kept under the ID %d", k.ID(), h.ID, key.A)
			}
			c.counted(k, h)
			c.named(k, h)
		}
	}
}

// counted checks that the ID of an object will not be given out again.
func (c *check) counted(k object.Any, h *object.Meta) {
	table, id := k.Rows().Name(), h.ID
	if last, _ := store.LastNumber(c.r, table); id > last && id >= k.FirstID() {
		c.found.AddMendable(func(tx *store.Tx) { tx.Skip(table, id) },
			"the counter of %s stands at %d, and there is a %s %d: its ID could be given again", k.ID(), last, k.ID(), id)
	}
}

// named checks that an object has a name, which is unique for its owner or its kind.
func (c *check) named(k object.Any, h *object.Meta) {
	if h.Name == "" {
		c.found.Add("%s %d has no name", k.ID(), h.ID)
		return
	}
	for _, other := range k.Namesakes(c.r, h) {
		if other < h.ID {
			c.found.Add("%s %d and %d have one name: %s", k.ID(), other, h.ID, h.Name)
		}
	}
}
