// Package words splits a command into words as a POSIX shell does, without expansions and the
// like.
package words

import (
	"errors"
	"strings"
)

// Split splits at blanks; '…' quotes everything, "…" everything but \" and \\, and elsewhere \
// quotes the next character.
func Split(command string) ([]string, error) {
	var s splitter
	for _, c := range command {
		s.take(c)
	}
	if s.quote != 0 || s.escaped {
		return nil, errors.New("the command ends within a quotation")
	}
	s.end()
	return s.words, nil
}

type splitter struct {
	words   []string
	word    strings.Builder
	open    bool // a word was begun, which may be empty
	quote   rune // ' or ", 0 outside
	escaped bool // the character before was a \
}

func (s *splitter) take(c rune) {
	switch {
	case s.escaped:
		if s.quote == '"' && c != '"' && c != '\\' {
			s.word.WriteRune('\\')
		}
		s.escaped = false
		s.word.WriteRune(c)
	case c == '\\' && s.quote != '\'':
		s.escaped, s.open = true, true
	case s.quote != 0:
		if c == s.quote {
			s.quote = 0
			return
		}
		s.word.WriteRune(c)
	case c == '\'' || c == '"':
		s.quote, s.open = c, true
	case strings.ContainsRune(" \t\n", c):
		s.end()
	default:
		s.open = true
		s.word.WriteRune(c)
	}
}

// end ends the word that was begun.
func (s *splitter) end() {
	if s.open {
		s.words = append(s.words, s.word.String())
	}
	s.word.Reset()
	s.open = false
}
