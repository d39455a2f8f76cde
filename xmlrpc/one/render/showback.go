package render

import (
	"math"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Showback writes what a VM cost in a month.
func Showback(w *Writer, s *vm.Showback) {
	w.Open("SHOWBACK")
	w.Int("VMID", int64(s.VM))
	w.Text("VMNAME", s.Name)
	w.Int("UID", int64(s.UID))
	w.Int("GID", int64(s.GID))
	w.Text("UNAME", s.UName)
	w.Text("GNAME", s.GName)
	w.Int("YEAR", int64(s.Year))
	w.Int("MONTH", int64(s.Month))
	w.amount("CPU_COST", s.CPU)
	w.amount("MEMORY_COST", s.Memory)
	w.amount("DISK_COST", s.Disk)
	w.amount("TOTAL_COST", s.CPU+s.Memory+s.Disk)
	w.amount("HOURS", s.Hours)
	w.amount("RHOURS", s.Running)
	w.Close("SHOWBACK")
}

// amount writes a number with two decimals, or none if it is an integer, as oned does.
func (w *Writer) amount(tag string, f float64) {
	digits := 2
	if f == math.Ceil(f) {
		digits = 0
	}
	w.Text(tag, strconv.FormatFloat(f, 'f', digits, 64))
}
