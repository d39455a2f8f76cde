package placement

// ranking is a heap of hosts, best first.
type ranking struct {
	policy Policy
	list   []ranked
}

// ranked is a host with the part of its rank that does not change.
type ranked struct {
	*seat
	static float64
}

func (r *ranking) Len() int      { return len(r.list) }
func (r *ranking) Swap(i, j int) { r.list[i], r.list[j] = r.list[j], r.list[i] }
func (r *ranking) Push(x any)    { r.list = append(r.list, x.(ranked)) }

// Pop implements heap.Interface.
func (r *ranking) Pop() any {
	last := r.list[len(r.list)-1]
	r.list = r.list[:len(r.list)-1]
	return last
}

// Less puts the higher rank first, then what the policy prefers, then the
// lower ID, so that a decision never depends on chance.
func (r *ranking) Less(i, j int) bool {
	a, b := r.list[i], r.list[j]
	if a.static != b.static {
		return a.static > b.static
	}
	switch r.policy {
	case Pack:
		if a.RunningVMs != b.RunningVMs {
			return a.RunningVMs > b.RunningVMs
		}
	case Load:
		if a.FreeCPU != b.FreeCPU {
			return a.FreeCPU > b.FreeCPU
		}
	default:
		if a.RunningVMs != b.RunningVMs {
			return a.RunningVMs < b.RunningVMs
		}
	}
	return a.ID < b.ID
}
