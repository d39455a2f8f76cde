package attr

import (
	"strings"
	"unique"
)

// knownNames and knownValues hold the words that most templates are made of, once
// for all.
var (
	knownNames  = makeVocabulary(names)
	knownValues = makeVocabulary(values)
)

func makeVocabulary(words string) map[string]string {
	list := strings.Fields(words)
	v := make(map[string]string, len(list))
	for _, w := range list {
		v[w] = w
	}
	return v
}

// intern answers one copy of a name that is not in the vocabulary, however many
// templates have it.
func intern(name string) string { return unique.Make(name).Value() }
