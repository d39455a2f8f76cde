package expr

import "fmt"

// SyntaxError says where an expression cannot be parsed, and what was expected.
type SyntaxError struct {
	Column int // in bytes, from 1
	Msg    string
}

// Error is one sentence for the user who wrote the expression.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("syntax error at column %d: %s", e.Column, e.Msg)
}

// maxDepth limits the nesting of parentheses and signs, so that no expression can overflow the
// stack.
const maxDepth = 200
