package xmlrpc

// A decoded value is one of: string, int32 (<i4>, <int>), int64 (<i8>), bool, float64,
// time.Time, []byte (<base64>), nil, []any (<array>) and Struct.
//
// Encoding accepts these, and also int (an <i4> if it fits, else an <i8>), map[string]any (with
// sorted members) and Text.

// Array is the decoded form of an <array>.
type Array = []any

// Struct is the decoded form of a <struct>. It keeps the order of its members.
type Struct []Member

// Member is a member of a Struct.
type Member struct {
	Name  string
	Value any
}

// Get returns the value of a member. If there are several with that name, the last one counts,
// as in xmlrpc-c.
func (s Struct) Get(name string) (any, bool) {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i].Name == name {
			return s[i].Value, true
		}
	}
	return nil, false
}

// Text is a <string> in chunks that are already escaped (see AppendEscaped). They are sent
// without being joined, and may be shared between answers, so they must not be changed.
type Text struct {
	Chunks [][]byte
}

// size is the number of bytes of the text.
func (t Text) size() int {
	n := 0
	for _, c := range t.Chunks {
		n += len(c)
	}
	return n
}
