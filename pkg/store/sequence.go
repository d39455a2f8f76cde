package store

// counter is the last number that a sequence gave.
type counter struct {
	Name string `cbor:"1,keyasint"`
	Last int    `cbor:"2,keyasint"`
}

func (c *counter) Clone() *counter { d := *c; return &d }

var countersByName = NewIndex(func(c *counter) []string { return []string{c.Name} })

// counters is a table of the store's own.
var counters = NewTable("counter", countersByName)

// Next answers the next number of a sequence that begins at first. A number is
// never given twice, even when what had it is gone.
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
