package cli

import "strings"

// look is the layout of a column.
type look int

const (
	left   look = 1 << iota // left-aligned; numbers are right-aligned
	adjust                  // as wide as its contents, never truncated
	expand                  // expands into the terminal's free width
)

// column is a column of a list or of a table in `show`.
type column struct {
	name  string
	desc  string
	width int
	look  look
	value func(v *view, n *node) string
}

// view is what columns may depend on besides the object.
type view struct {
	session   *session
	pool      *node // the whole answer with the object
	numeric   bool  // print IDs instead of the names of users and groups
	kilobytes bool  // print sizes as plain numbers
	clusters  map[string]string
	quotas    map[string]*node // of users or groups, by ID
}

// size is the named size format, unless plain numbers are requested.
func (v *view) size(value int64, unit byte) string {
	if v.kilobytes {
		return itoa(value)
	}
	return size(value, unit)
}

// text is a column with the text of an element.
func text(path string) func(*view, *node) string {
	return func(_ *view, n *node) string { return n.get(path) }
}

// textOr is text with a default for missing elements.
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

// sizeOf formats MiB with a suffix.
func sizeOf(path string) func(*view, *node) string {
	return func(v *view, n *node) string { return v.size(n.int(path), 'M') }
}
