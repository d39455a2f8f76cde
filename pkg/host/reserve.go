package host

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// reserve computes what is available to VMs: the total minus what the host, or else its
// cluster, reserves. A reservation is a number (in percent of a CPU, or KiB) or a percentage of
// the total; a negative one overcommits.
func reserve(r store.Reader, h *Host) {
	cpu, mem := h.Template.Get(reservedCPU), h.Template.Get(reservedMem)
	if c, ok := cluster.Kind.Table.Get(r, store.ID(h.ClusterID)); ok {
		cpu = cmp.Or(cpu, c.Template.Get(reservedCPU))
		mem = cmp.Or(mem, c.Template.Get(reservedMem))
	}
	h.Share.MaxCPU = int(less(int64(h.Share.TotalCPU), cpu))
	h.Share.MaxMemKiB = less(h.Share.TotalMemKiB, mem)
}

const (
	reservedCPU = "RESERVED_CPU"
	reservedMem = "RESERVED_MEM"
)

// less subtracts a reservation from a total (HostShare::set_capacity). Anything that is not an
// integer reserves nothing. With percentages, the remainder is rounded down.
func less(total int64, reservation string) int64 {
	text := strings.TrimSpace(reservation)
	percent := strings.HasSuffix(text, "%")
	n, err := strconv.ParseInt(strings.TrimSuffix(text, "%"), 10, 64)
	switch {
	case err != nil:
		return total
	case percent:
		return int64(float64(total) * (1 - float64(n)/100))
	}
	return total - n
}
