package quota

// Unused reports whether no usage is counted.
func (q *Quotas) Unused() bool {
	for _, entries := range q.Entries {
		for _, e := range entries {
			for i := range e.Used {
				if e.Used[i] != 0 {
					return false
				}
			}
		}
	}
	return true
}
