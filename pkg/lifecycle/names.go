package lifecycle

import "strconv"

// nameOf writes a number without a name as the number, so that damaged data
// can still be logged.
func nameOf(names []string, n int) string {
	if n >= 0 && n < len(names) {
		return names[n]
	}
	return strconv.Itoa(n)
}
