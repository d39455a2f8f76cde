package attr

import (
	"strings"
	"unique"
)

// knownNames and knownValues are strings that most templates contain. They exist once in
// memory.
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

// intern returns a shared copy of a name that is not in the vocabulary.
func intern(name string) string { return unique.Make(name).Value() }
