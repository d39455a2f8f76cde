package cli

import "strings"

// template collects the attributes that options stand for.
type template struct{ text strings.Builder }

// attribute adds NAME="value", if there is a value.
func (t *template) attribute(name, value string) {
	if value != "" {
		t.text.WriteString(name + "=" + quote(value) + "\n")
	}
}

// plain adds NAME=value, for numbers.
func (t *template) plain(name, value string) {
	if value != "" {
		t.text.WriteString(name + "=" + value + "\n")
	}
}

// raw adds a part of a template, as the user wrote it.
func (t *template) raw(text string) {
	if text != "" {
		t.text.WriteString(text + "\n")
	}
}

// vector adds a vector attribute from those options that were given. names are their keys.
func (t *template) vector(name string, in *input, names map[string]string, options ...string) {
	var parts []string
	for _, option := range options {
		if in.given(option) {
			parts = append(parts, names[option]+"="+quote(in.text(option)))
		}
	}
	if len(parts) > 0 {
		t.text.WriteString(name + "=[ " + strings.Join(parts, ", ") + " ]\n")
	}
}
