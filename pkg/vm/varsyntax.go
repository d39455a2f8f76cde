package vm

import (
	"fmt"
	"slices"
	"strings"
)

// state is a place between the words of a text with variables: which words may
// follow, in the order that messages name them, and where each leads.
type state []step

type step struct {
	on   token
	next int
}

// phrase is one thing of a text: plain text (words is nil), or a variable with
// the names and values in it.
type phrase struct {
	words []string
	text  string // the plain text, or what stands behind the variable
}

// atStart and between are where a phrase may begin; the other numbers follow
// the words of one.
const (
	atStart = iota
	between
)

// variableStates read $NAME, $NAME[KEY] and $NAME[KEY, KEY2="value"] between text.
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

// fileStates read $FILE[KEY="value"] and $FILE[KEY="value", KEY2="value"], one
// character apart.
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

// parsePhrases reads a text, and says of one that it cannot read what oned says.
// each is told of every phrase as soon as it is complete.
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

// unexpected is the parser's message: what it met, and what it waited for.
func (l *varLexer) unexpected(kind token, s state) string {
	var expected []string
	for _, step := range s {
		expected = append(expected, string(step.on))
	}
	return fmt.Sprintf("syntax error, unexpected %s, expecting %s at line %d, columns %d:%d",
		kind, strings.Join(expected, " or "), l.line, l.first, l.last)
}
