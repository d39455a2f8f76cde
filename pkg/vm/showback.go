package vm

import (
	"time"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// Showback is what a VM cost in a month, and whose it was.
type Showback struct {
	VM      int     `cbor:"1,keyasint"`
	Name    string  `cbor:"2,keyasint"`
	UID     int     `cbor:"3,keyasint"`
	GID     int     `cbor:"4,keyasint"`
	UName   string  `cbor:"5,keyasint"`
	GName   string  `cbor:"6,keyasint"`
	Year    int     `cbor:"7,keyasint"`
	Month   int     `cbor:"8,keyasint"`
	CPU     float64 `cbor:"9,keyasint"` // costs
	Memory  float64 `cbor:"10,keyasint"`
	Disk    float64 `cbor:"11,keyasint"`
	Hours   float64 `cbor:"12,keyasint"` // on hosts
	Running float64 `cbor:"13,keyasint"` // hours that it ran
}

// Clone implements store.Cloner.
func (s *Showback) Clone() *Showback { c := *s; return &c }

// Showbacks is the table of them. Its key is (VM, month since the year 0).
var Showbacks = store.NewTable[Showback]("showback")

// Costs are what an hour of a CPU, a MiB of memory and a MiB of disk costs where
// a VM does not say: DEFAULT_COST.
type Costs struct {
	CPU, Memory, Disk float64
	OnlyRunning       bool // SHOWBACK_ONLY_RUNNING: CPUs and memory cost nothing while the VM is off
}

// Month is a month of a year. The zero of oned's calls is -1 for either.
type Month struct{ Month, Year int }

// Given tells whether the month was named.
func (m Month) Given() bool { return m.Month != -1 && m.Year != -1 }

// Number counts months; those of a year that does not have them are of the next.
func (m Month) Number() int { return m.Year*12 + m.Month - 1 }

func (m Month) begins(in *time.Location) time.Time {
	return time.Date(m.Year, time.Month(m.Month), 1, 0, 0, 0, 0, in)
}

func (m Month) next() Month { return Month{m.Month + 1, m.Year} }

// CalculateShowback works out what all VMs cost from one month to another, and
// keeps it in place of what was worked out for these before. Without a first
// month it begins with the oldest record, without a last one it ends now.
func CalculateShowback(tx *store.Tx, s Settings, from, to Month) {
	slots := slotsOf(tx, from, to)
	if len(slots) < 2 {
		return
	}
	window := Period{slots[0].Unix(), slots[len(slots)-1].Unix()}
	if from.Given() {
		window.Start = from.begins(tx.Now.Location()).Unix()
	}
	for row := range Kind.Table.All(tx) {
		b := bill{costs: s.Costs, slots: slots, months: map[int]*Showback{}}
		for rec, then := range Records(tx, row.Val) {
			if window.Meets(rec) {
				b.add(rec, &then.VM)
			}
		}
		for month, total := range b.months {
			Showbacks.Put(tx, store.Pair(row.Val.ID, month), total)
		}
	}
}

// slotsOf answers the first instants of the months in question, and the end. Months before
// the oldest record cost nothing, and are left out, however many are asked for.
func slotsOf(tx *store.Tx, from, to Month) []time.Time {
	start, end, zone := oldest(tx), tx.Now, tx.Now.Location()
	if from.Given() && from.begins(zone).After(start) {
		start = from.begins(zone)
	}
	if to.Given() && to.next().begins(zone).Before(end) {
		end = to.next().begins(zone)
	}
	var slots []time.Time
	for m := (Month{int(start.Month()), start.Year()}); m.begins(zone).Before(end); m = m.next() {
		slots = append(slots, m.begins(zone))
	}
	return append(slots, end)
}

// oldest is when the first record of all began.
func oldest(tx *store.Tx) time.Time {
	first := tx.Now
	for row := range Kind.Table.All(tx) {
		if h := row.Val.History; len(h) > 0 && h[0].STime < first.Unix() {
			first = time.Unix(h[0].STime, 0).In(tx.Now.Location())
		}
	}
	return first
}

// bill is what one VM cost, by the number of the month.
type bill struct {
	costs  Costs
	slots  []time.Time
	months map[int]*Showback
}

// add charges the VM for one record.
func (b *bill) add(rec *History, then *VM) {
	cpu, memory, disk := b.prices(then)
	for i, begin := range b.slots[:len(b.slots)-1] {
		end := b.slots[i+1]
		stay, on := hours(rec.STime, rec.ETime, begin, end)
		ran, did := hours(rec.RSTime, rec.RETime, begin, end)
		if !on && !did {
			continue
		}
		m := b.month(begin, then)
		paid := stay
		if b.costs.OnlyRunning {
			paid = ran
		}
		m.CPU += cpu * paid
		m.Memory += memory * paid
		m.Disk += disk * stay
		m.Hours += stay
		m.Running += ran
	}
}

// prices are what an hour of the VM's CPUs, memory and disks costs.
func (b *bill) prices(v *VM) (cpu, memory, disk float64) {
	price := func(name string, usual float64) float64 {
		if cost, ok := v.Template.Float(name); ok {
			return cost
		}
		return usual
	}
	var size int64
	for _, d := range v.Template.Vectors("DISK") {
		size += diskMiB(d)
	}
	return price("CPU_COST", b.costs.CPU) * v.CPU(),
		price("MEMORY_COST", b.costs.Memory) * float64(v.MemoryMiB()),
		price("DISK_COST", b.costs.Disk) * float64(size)
}

// month answers the sum of a month. Whose the VM is, the newest record says.
func (b *bill) month(begin time.Time, v *VM) *Showback {
	at := Month{int(begin.Month()), begin.Year()}
	m := b.months[at.Number()]
	if m == nil {
		m = &Showback{VM: v.ID, Year: at.Year, Month: at.Month}
		b.months[at.Number()] = m
	}
	m.Name, m.UID, m.GID, m.UName, m.GName = v.Name, v.UID, v.GID, v.UName, v.GName
	return m
}

// hours is how much of a span lies between two instants, and whether it has part
// in it. A span that ended at 0 goes on; one that began at 0 never did.
func hours(start, end int64, from, to time.Time) (float64, bool) {
	if start == 0 || start > to.Unix() || end != 0 && end <= from.Unix() {
		return 0, false
	}
	last := to.Unix()
	if end != 0 {
		last = min(last, end)
	}
	return float64(last-max(start, from.Unix())) / 3600, true
}
