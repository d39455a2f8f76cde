package vm

import (
	"fmt"
	"slices"
	"strings"
)

// state is a state of the parser: the tokens that it accepts, in the order in which error
// messages list them, and the states that they lead to.
type state []step

type step struct {
	on   token
	next int
}

// phrase is either plain text (words is nil), or a variable with its names and values.
type phrase struct {
	words []string
	text  string // the plain text, or the character that ends the variable
}

// atStart and between are the states in which a phrase may begin; the others are within a
// variable.
const (
	atStart = iota
	between
)

// variableStates parse $NAME, $NAME[KEY] and $NAME[KEY, KEY2="value"] within text.
var variableStates = []state{
	atStart: {{tokVariable, 2}, {tokText, between}},
	between: {{tokEnd, -1}, {tokVariable, 2}, {tokText, between}},
	2:       {{tokOpen, 3}, {tokAfter, between}},
	3:       {{tokVariable, 4}},
	4:       {{tokComma, 5}, {tokClose, 9}},
	5:       {{tokVariable, 6}},
	6:       {{tokEqual, 7}},
	7:       {{tokString, 8}},
	8:       {{tokClose, 9}},
	9:       {{tokAfter, between}},
}

// fileStates parse $FILE[KEY="value"] and $FILE[KEY="value", KEY2="value"], separated by one
// character.
var fileStates = []state{
	atStart: {{tokVariable, 2}},
	between: {{tokEnd, -1}, {tokVariable, 2}},
	2:       {{tokOpen, 3}},
	3:       {{tokVariable, 4}},
	4:       {{tokEqual, 5}},
	5:       {{tokString, 6}},
	6:       {{tokComma, 7}, {tokClose, 11}},
	7:       {{tokVariable, 8}},
	8:       {{tokEqual, 9}},
	9:       {{tokString, 10}},
	10:      {{tokClose, 11}},
	11:      {{tokAfter, between}},
}

// parsePhrases parses a text and calls each for every complete phrase. Syntax errors are oned's.
func parsePhrases(text string, states []state, each func(phrase) error) error {
	l := lexVariables(text)
	var now phrase
	for at := atStart; ; {
		kind, word := l.next()
		i := slices.IndexFunc(states[at], func(s step) bool { return s.on == kind })
		if i < 0 {
			return bad("Error parsing: %s. %s", text, l.unexpected(kind, states[at]))
		}
		switch kind {
		case tokEnd:
			return nil
		case tokVariable, tokString:
			now.words = append(now.words, word)
		case tokText, tokAfter:
			now.text = word
		}
		if at = states[at][i].next; at != between {
			continue
		}
		if err := each(now); err != nil {
			return err
		}
		now = phrase{}
	}
}

// unexpected is the message of a syntax error.
func (l *varLexer) unexpected(kind token, s state) string {
	var expected []string
	for _, step := range s {
		expected = append(expected, string(step.on))
	}
	return fmt.Sprintf("syntax error, unexpected %s, expecting %s at line %d, columns %d:%d",
		kind, strings.Join(expected, " or "), l.line, l.first, l.last)
}
