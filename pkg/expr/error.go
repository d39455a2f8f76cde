package expr

import "fmt"

// SyntaxError says where an expression cannot be read and what would be right.
type SyntaxError struct {
	Column int // in bytes, counted from 1
	Msg    string
}

// Error answers one sentence for the user who wrote the expression.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("syntax error at column %d: %s", e.Column, e.Msg)
}

// maxDepth limits how deep parentheses and signs may nest, so that no text can
// exhaust the stack. People nest three deep.
const maxDepth = 200
