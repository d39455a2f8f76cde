package vm

import (
	"time"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// Showback is a VM's showback record of one month.
type Showback struct {
	VM      int     `cbor:"1,keyasint"`
	Name    string  `cbor:"2,keyasint"`
	UID     int     `cbor:"3,keyasint"`
	GID     int     `cbor:"4,keyasint"`
	UName   string  `cbor:"5,keyasint"`
	GName   string  `cbor:"6,keyasint"`
	Year    int     `cbor:"7,keyasint"`
	Month   int     `cbor:"8,keyasint"`
	CPU     float64 `cbor:"9,keyasint"` // cost, as Memory and Disk
	Memory  float64 `cbor:"10,keyasint"`
	Disk    float64 `cbor:"11,keyasint"`
	Hours   float64 `cbor:"12,keyasint"` // on a host
	Running float64 `cbor:"13,keyasint"` // in RUNNING
}

// Clone implements store.Cloner.
func (s *Showback) Clone() *Showback { c := *s; return &c }

// Showbacks is the table of showback records, with the key (VM ID, Month.Number).
var Showbacks = store.NewTable[Showback]("showback")

// Costs are the default costs per hour of a CPU, a MiB of memory and a MiB of disk
// (DEFAULT_COST), for VMs without CPU_COST, MEMORY_COST or DISK_COST.
type Costs struct {
	CPU, Memory, Disk float64
	OnlyRunning       bool // SHOWBACK_ONLY_RUNNING: CPU and memory are free unless the VM is running
}

// Month is a calendar month. Calls pass -1 for month or year to leave it out.
type Month struct{ Month, Year int }

// Given tells whether the caller passed a month.
func (m Month) Given() bool { return m.Month != -1 && m.Year != -1 }

// Number counts months since the year 0. Month 13 is January of the next year.
func (m Month) Number() int { return m.Year*12 + m.Month - 1 }

func (m Month) begins(in *time.Location) time.Time {
	return time.Date(m.Year, time.Month(m.Month), 1, 0, 0, 0, 0, in)
}

func (m Month) next() Month { return Month{m.Month + 1, m.Year} }

// CalculateShowback calculates and stores the showback of all VMs from one month to another,
// replacing existing records. from defaults to the oldest history record, to defaults to now.
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

// slotsOf returns the starts of the months to calculate, and the end of the last one. It skips
// months before the oldest history record, so that from may be arbitrarily early.
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

// oldest is the start of the oldest history record in the store.
func oldest(tx *store.Tx) time.Time {
	first := tx.Now
	for row := range Kind.Table.All(tx) {
		if h := row.Val.History; len(h) > 0 && h[0].STime < first.Unix() {
			first = time.Unix(h[0].STime, 0).In(tx.Now.Location())
		}
	}
	return first
}

// bill holds one VM's showback records, by month number.
type bill struct {
	costs  Costs
	slots  []time.Time
	months map[int]*Showback
}

// add adds the costs of one history record.
func (b *bill) add(rec *History, then *VM) {
	cpu, memory, disk := b.prices(then)
	for i, begin := range b.slots[:len(b.slots)-1] {
		end := b.slots[i+1]
		onHost, on := hours(rec.STime, rec.ETime, begin, end)
		ran, did := hours(rec.RSTime, rec.RETime, begin, end)
		if !on && !did {
			continue
		}
		m := b.month(begin, then)
		paid := onHost
		if b.costs.OnlyRunning {
			paid = ran
		}
		m.CPU += cpu * paid
		m.Memory += memory * paid
		m.Disk += disk * onHost
		m.Hours += onHost
		m.Running += ran
	}
}

// prices are the costs per hour of the VM's CPUs, memory and disks.
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

// month returns the showback record of a month. It has the name and owner of the newest history
// record in that month.
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

// hours returns how many hours of start..end lie between two times, and false if start..end does
// not overlap with them. An end of 0 means that it has not ended, a start of 0 that it never
// started.
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
