package numa

// Load is how much of a node is in use, by whomever.
type Load struct {
	NodeID           int
	UsedKiB, FreeKiB int64
	Pages            []FreePages
}

// FreePages are the hugepages of a size that nobody has.
type FreePages struct{ SizeKiB, Free int64 }
