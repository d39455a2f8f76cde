package cli

import (
	"bufio"
	"fmt"
	"strings"
)

// answers are the values of --user-inputs, by key. A comma within an answer continues it.
func answers(in *input) (keys []string, byKey map[string]string) {
	byKey = map[string]string{}
	for _, word := range in.list("user-inputs") {
		key, value, ok := strings.Cut(word, "=")
		if last := len(keys) - 1; !ok && last >= 0 {
			byKey[keys[last]] += "," + word
			continue
		}
		keys = append(keys, key)
		byKey[key] = value
	}
	return keys, byKey
}

// question is an entry of a template's USER_INPUTS, such as M|number|How many workers|1..8|2.
type question struct {
	key, kind, text, params, initial string
	mandatory                        bool
}

func parseQuestion(n *node) (question, error) {
	parts := strings.Split(n.text, "|")
	if len(parts) != 3 && len(parts) != 5 {
		return question{}, fmt.Errorf("malformed user input in the template, %s: %s", n.name, n.text)
	}
	q := question{key: n.name, mandatory: strings.TrimSpace(parts[0]) == "M", kind: strings.TrimSpace(parts[1]), text: strings.TrimSpace(parts[2])}
	if len(parts) == 5 {
		q.params, q.initial = strings.TrimSpace(parts[3]), parts[4]
	}
	return q, nil
}

// userInputs are the answers to a template's questions as a template: those of the command
// line, those that the user types, or the defaults.
func (s *session) userInputs(in *input, template *node) (string, error) {
	keys, given := answers(in)
	var t strings.Builder
	for _, key := range keys {
		fmt.Fprintf(&t, "%s=%s\n", key, quote(given[key]))
	}
	for _, inputs := range template.all("TEMPLATE/USER_INPUTS") {
		for _, kid := range inputs.kids {
			if _, ok := given[kid.name]; ok {
				continue
			}
			answer, err := s.put(kid)
			if err != nil {
				return "", err
			}
			if answer != "" {
				fmt.Fprintf(&t, "%s=%s\n", kid.name, quote(answer))
			}
		}
	}
	return t.String(), nil
}

// put asks the user a question at the terminal. Without a terminal, a mandatory question
// without default is an error.
func (s *session) put(n *node) (string, error) {
	q, err := parseQuestion(n)
	if err != nil {
		return "", err
	}
	answer := q.initial
	if _, person := terminalFD(s.io.In); person && q.kind != "fixed" {
		if answer, err = s.prompt(q); err != nil {
			return "", err
		}
	}
	if answer == "" && q.mandatory {
		return "", fmt.Errorf("the template asks for %s (%s): answer with --user-inputs %s=…", q.key, q.text, q.key)
	}
	return answer, nil
}

func (s *session) prompt(q question) (string, error) {
	hint := strings.TrimSpace(q.kind + " " + q.params)
	if q.initial != "" {
		hint += ", press enter for " + q.initial
	}
	fmt.Fprintf(s.io.Err, "  * (%s) %s\n    %s: ", q.key, q.text, hint)
	line, err := bufio.NewReader(s.io.In).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("no answer for %s: %w", q.key, err)
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return q.initial, nil
	}
	return line, nil
}
