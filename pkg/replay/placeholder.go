package replay

import (
	"path"
	"regexp"
	"strings"
)

// placeholder stands in a recording for a folder of the original's installation, such as
// @ONE_VAR@.
var placeholder = regexp.MustCompile(`@[A-Z][A-Z0-9_]*@`)

// fill replaces the placeholders that have a value.
func fill(text string, values map[string]string) string {
	return placeholder.ReplaceAllStringFunc(text, func(p string) string {
		if v, ok := values[strings.Trim(p, "@")]; ok {
			return v
		}
		return p
	})
}

// reconcile replaces a text of got by the recorded one if that has a placeholder without a
// value and both end in the same path element: then folders are not compared, only names in
// them.
func reconcile(want, got *node) {
	if want.name != got.name {
		return
	}
	if placeholder.MatchString(want.text) && path.Base(want.text) == path.Base(got.text) {
		got.text = want.text
	}
	if len(want.children) != len(got.children) {
		return
	}
	for i, w := range want.children {
		reconcile(w, got.children[i])
	}
}
