package attr

import (
	"fmt"
	"strings"
)

// SyntaxError says where a template cannot be read. Its text is oned's.
type SyntaxError struct {
	Line, Column int    // where the trouble begins, both counted from 1
	From, To     int    // oned's columns, which it counts from the start of the text
	Msg          string // "syntax error, unexpected COMMA, expecting $end"
}

// Error answers the sentence that oned puts into its answer. Trouble that oned
// does not place (XML, "]]>" in a value) has no position there either.
func (e *SyntaxError) Error() string {
	if e.From == 0 {
		return "Parse error" + e.Msg
	}
	return fmt.Sprintf("Parse error: %s at line %d, columns %d:%d", e.Msg, e.Line, e.From, e.To)
}

// lineColumn turns an offset into a line and a column.
func lineColumn(text string, offset int) (line, column int) {
	before := text[:offset]
	return 1 + strings.Count(before, "\n"), offset - strings.LastIndexByte(before, '\n')
}
