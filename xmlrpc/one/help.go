package one

import (
	_ "embed"
	"strings"
)

//go:embed help.txt
var helpText string

// readHelp reads the descriptions of methods, by name.
func readHelp() map[string]string {
	texts := map[string]string{}
	for line := range strings.Lines(helpText) {
		name, text, ok := strings.Cut(line, " ")
		if ok && !strings.HasPrefix(name, "#") {
			texts[name] = strings.TrimSpace(text)
		}
	}
	return texts
}

// help is a method's description and its parameters, with optional ones in brackets.
func help(texts map[string]string, m method) string {
	text, own := texts[m.name]
	if !own {
		text = texts[anyNoun(m.name)]
	}
	words := []string{"session"}
	for _, p := range m.params {
		if p.Optional {
			words = append(words, "["+p.Name+"]")
		} else {
			words = append(words, p.Name)
		}
	}
	return text + " Parameters: " + strings.Join(words, "; ") + "."
}

// anyNoun is the name of a method with a star for its noun.
func anyNoun(name string) string {
	face, rest, _ := strings.Cut(name, ".")
	_, verb, _ := strings.Cut(rest, ".")
	return face + ".*." + verb
}
