package attr

import (
	"fmt"
	"strings"
)

// SyntaxError says where a template cannot be parsed. Its text is oned's.
type SyntaxError struct {
	Line, Column int    // position of the error, from 1
	From, To     int    // oned's columns, which are counted from the start of the text
	Msg          string // "syntax error, unexpected COMMA, expecting $end"
}

// Error is oned's error text. For XML, and for "]]>" in a value, it has no position.
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
