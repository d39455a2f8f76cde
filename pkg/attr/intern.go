package attr

import (
	"strings"
	"unique"
)

// vocabulary holds the words that most templates are made of, once for all.
var vocabulary = makeVocabulary(names + values)

func makeVocabulary(words string) map[string]string {
	list := strings.Fields(words)
	v := make(map[string]string, len(list))
	for _, w := range list {
		v[w] = w
	}
	return v
}

// intern answers one copy of a name, however many templates have it. Names that
// are not in the vocabulary are shared as long as the runtime remembers them.
func intern(name string) string {
	if known, ok := vocabulary[name]; ok {
		return known
	}
	return unique.Make(name).Value()
}
