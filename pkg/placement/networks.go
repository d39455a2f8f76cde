package placement

import (
	"fmt"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/expr"
)

// NIC is a network card of mode AUTO: its network is chosen with the host.
type NIC struct {
	ID                 int
	Requirements, Rank string // SCHED_REQUIREMENTS and SCHED_RANK of the card
}

// Network is a virtual network that such cards may be connected to.
type Network struct {
	ID       int
	Clusters []int
	Attrs    expr.Object
	Free     int64 // addresses
}

// Connection says which network a card gets.
type Connection struct{ NIC, Network int }

// connect chooses a network that reaches the host for each card of a VM, or
// says why there is none.
func (r *round) connect(v *VM, h *seat) (chosen []Connection, why string) {
	taken := map[int]int64{} // by the cards before
	for _, nic := range v.NICs {
		best, why := r.network(v, h, nic, taken)
		if why != "" {
			return nil, fmt.Sprintf("NIC %d: %s", nic.ID, why)
		}
		taken[best.ID]++
		chosen = append(chosen, Connection{NIC: nic.ID, Network: best.ID})
	}
	return chosen, ""
}

// network is the network with the highest rank, and of those the one with the
// most addresses left: oned's default spreads addresses, too.
func (r *round) network(v *VM, h *seat, nic NIC, taken map[int]int64) (best *Network, why string) {
	needs, err := parseNeeds(nic.Requirements)
	if err != nil {
		return nil, fmt.Sprintf("Error in SCHED_REQUIREMENTS: '%s', error: %v", nic.Requirements, err)
	}
	rank, err := expr.ParseRank(nic.Rank)
	if err != nil {
		return nil, fmt.Sprintf("Error in SCHED_RANK: '%s', error: %v", nic.Rank, err)
	}
	var highest float64
	for _, n := range r.networks {
		if !v.Asks.Access.network(n.ID) || !slices.Contains(n.Clusters, h.ClusterID) ||
			n.Free <= taken[n.ID] || failing(needs, n.Attrs) != "" {
			continue
		}
		value := rank.Eval(n.Attrs)
		if best == nil || value > highest || value == highest && n.Free-taken[n.ID] > best.Free-taken[best.ID] {
			best, highest = n, value
		}
	}
	if best == nil {
		return nil, "no virtual network of its cluster meets the requirements and has a free address"
	}
	return best, ""
}

func parseNeeds(text string) ([]expr.Requirement, error) {
	if text == "" {
		return nil, nil
	}
	req, err := expr.Parse(text)
	return []expr.Requirement{req}, err
}

// take counts the addresses that are given away.
func (r *round) take(chosen []Connection) {
	for _, c := range chosen {
		i := slices.IndexFunc(r.networks, func(n *Network) bool { return n.ID == c.Network })
		r.networks[i].Free--
	}
}
