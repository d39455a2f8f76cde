package xmlrpc

// A decoded value is one of: string, int32 (<i4>, <int>), int64 (<i8>), bool,
// float64, time.Time, []byte (<base64>), nil, []any (<array>) and Struct.
//
// Encoding takes these and, for the comfort of handlers, int (an <i4> where it
// fits, else an <i8>), map[string]any (members in order of their names) and
// Text.

// Array is the decoded form of an <array>.
type Array = []any

// Struct is the decoded form of a <struct>. It keeps the order of its members.
type Struct []Member

// Member is one named value of a Struct.
type Member struct {
	Name  string
	Value any
}

// Get finds the value of a member. Where a name is repeated the last one
// counts, as it does in xmlrpc-c.
func (s Struct) Get(name string) (any, bool) {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i].Name == name {
			return s[i].Value, true
		}
	}
	return nil, false
}

// Text is a <string> in chunks that are escaped already (see AppendEscaped).
// They are sent without being joined into one string, and may be shared between
// answers, so nobody may change them.
type Text struct {
	Chunks [][]byte
}

// size is the number of bytes that the text has on the wire.
func (t Text) size() int {
	n := 0
	for _, c := range t.Chunks {
		n += len(c)
	}
	return n
}
