package cli

import "strings"

// look is how a column is printed.
type look int

const (
	left   look = 1 << iota // text to the left; numbers stand to the right
	adjust                  // wide enough for what it holds, never cut
	expand                  // takes a share of what a terminal has left
)

// column is one column of a list or of a table within `show`.
type column struct {
	name  string
	desc  string
	width int
	look  look
	value func(v *view, n *node) string
}

// view is what a column may need besides its own object.
type view struct {
	session   *session
	pool      *node // the whole answer that the object is in
	numeric   bool  // IDs in place of user and group names
	kilobytes bool  // sizes as plain numbers
	clusters  map[string]string
	quotas    map[string]*node // of users or groups, by ID
}

// size is the function of that name, unless plain numbers were asked for.
func (v *view) size(value int64, unit byte) string {
	if v.kilobytes {
		return itoa(value)
	}
	return size(value, unit)
}

// text is a column that shows an element as it is.
func text(path string) func(*view, *node) string {
	return func(_ *view, n *node) string { return n.get(path) }
}

// textOr is text with a word for what is absent.
func textOr(path, absent string) func(*view, *node) string {
	return func(_ *view, n *node) string { return n.or(path, absent) }
}

// count is the number of elements at a path.
func count(path string) func(*view, *node) string {
	return func(_ *view, n *node) string { return itoa(int64(len(n.all(path)))) }
}

// idList joins the IDs at a path.
func idList(path string) func(*view, *node) string {
	return func(_ *view, n *node) string {
		if ids := n.texts(path); len(ids) > 0 {
			return strings.Join(ids, ",")
		}
		return "-"
	}
}

func timeOf(path string) func(*view, *node) string {
	return func(_ *view, n *node) string { return stamp(n.int(path)) }
}

func ownerName(v *view, n *node) string {
	if v.numeric {
		return n.get("UID")
	}
	return n.get("UNAME")
}

func groupName(v *view, n *node) string {
	if v.numeric {
		return n.get("GID")
	}
	return n.get("GNAME")
}

// sizeOf is a number of MiB with a suffix.
func sizeOf(path string) func(*view, *node) string {
	return func(v *view, n *node) string { return v.size(n.int(path), 'M') }
}
