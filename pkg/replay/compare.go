package replay

import (
	"fmt"
	"regexp"
)

// verdict is the result of comparing two answers, with both trees as they were compared.
type verdict struct {
	class     Class
	detail    string // the first difference
	want, got *node
	answered  *node // the answer before masking; nil if it is no XML-RPC
}

// compare compares an answer with the recorded one.
func compare(want, got reply, more *regexp.Regexp) verdict {
	v := verdict{class: Equal, want: masked(want.tree, more), got: masked(got.tree, more), answered: got.tree}
	reconcile(v.want, v.got)
	if v.want.String() == v.got.String() {
		return v
	}
	v.detail = firstDifference("", v.want, v.got)
	switch {
	case want.outcome != got.outcome:
		v.class = ErrorCode
		v.detail = fmt.Sprintf("want %s, got %s", want.summary(), got.summary())
	case want.code != got.code:
		v.class = ErrorCode
		v.detail = fmt.Sprintf("want code %s, got %s: %s", want.code, got.code, got.text)
	case maskText("", "", want.text) != maskText("", "", got.text):
		v.class = ErrorText
		v.detail = fmt.Sprintf("want %q, got %q", want.text, got.text)
	case v.want.sorted().String() == v.got.sorted().String():
		v.class = Order
	default:
		v.class = Body
	}
	return v
}

// summary describes an answer in a few words.
func (r reply) summary() string {
	if r.outcome == refused || r.outcome == faulted {
		return fmt.Sprintf("%s %s %q", r.outcome, r.code, r.text)
	}
	return string(r.outcome)
}

// firstDifference describes the first place at which two trees differ.
func firstDifference(at string, want, got *node) string {
	here := at + "/" + want.name
	switch {
	case want.name != got.name:
		return fmt.Sprintf("%s: want <%s>, got <%s>", at, want.name, got.name)
	case want.text != got.text:
		return fmt.Sprintf("%s: want %s, got %s", here, clip(want.text), clip(got.text))
	case fmt.Sprint(want.attrs) != fmt.Sprint(got.attrs):
		return fmt.Sprintf("%s: want attributes %v, got %v", here, want.attrs, got.attrs)
	}
	for i, w := range want.children {
		if i >= len(got.children) {
			return fmt.Sprintf("%s: <%s> is missing at the end", here, w.name)
		}
		if d := firstDifference(here, w, got.children[i]); d != "" {
			return d
		}
	}
	if n := len(want.children); n < len(got.children) {
		return fmt.Sprintf("%s: <%s> is too much at the end", here, got.children[n].name)
	}
	return ""
}

// clip quotes a text for a one-line message.
func clip(text string) string {
	const most = 80
	if r := []rune(text); len(r) > most {
		return fmt.Sprintf("%q…", string(r[:most]))
	}
	return fmt.Sprintf("%q", text)
}
