package one

import "strconv"

// label is how one number of an enumeration is written: in full, and in the
// few letters that a column of a list has room for.
type label struct{ text, brief string }

// labels is indexed by the number; a number without a text is not in use.
type labels []label

func (l labels) at(n int) (label, bool) {
	if n < 0 || n >= len(l) || l[n].text == "" {
		return label{}, false
	}
	return l[n], true
}

// name writes a number that is not in use as the number itself, so that a log
// line about damaged data still says what was found.
func (l labels) name(n int) string {
	if known, ok := l.at(n); ok {
		return known.text
	}
	return strconv.Itoa(n)
}

func (l labels) short(n int) string {
	if known, ok := l.at(n); ok {
		return known.brief
	}
	return strconv.Itoa(n)
}

func (l labels) find(text string) (int, bool) {
	for n := range l {
		if l[n].text == text && text != "" {
			return n, true
		}
	}
	return 0, false
}
