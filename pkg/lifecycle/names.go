package lifecycle

import "strconv"

// nameOf answers a number without a name in digits, so that damaged data can be logged.
func nameOf(names []string, n int) string {
	if n >= 0 && n < len(names) {
		return names[n]
	}
	return strconv.Itoa(n)
}
