package store

// counter is the last number of a sequence.
type counter struct {
	Name string `cbor:"1,keyasint"`
	Last int    `cbor:"2,keyasint"`
}

func (c *counter) Clone() *counter { d := *c; return &d }

var countersByName = NewIndex(func(c *counter) []string { return []string{c.Name} })

// counters is a table of the store itself.
var counters = NewTable("counter", countersByName)

// Next returns the next number of a sequence, the first of which is first. A number is never
// used again, even if its object was deleted.
func (tx *Tx) Next(sequence string, first int) int {
	c := &counter{Name: sequence, Last: first - 1}
	key := ID(counters.Len(tx))
	for row := range countersByName.Find(tx, sequence) {
		key, c = row.Key, row.Val.Clone()
	}
	c.Last = max(c.Last+1, first)
	counters.Put(tx, key, c)
	return c.Last
}
