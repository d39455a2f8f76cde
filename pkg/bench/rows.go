package bench

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// row is a measured call, with one line of the table for each number of clients.
type row struct {
	name    string
	clients []int
	reads   bool
	next    next
}

// asker is one of the concurrent clients.
type asker struct {
	number, of int // index, and number of clients
	turn       int // counts its calls
	begin      time.Time
	rate       int // calls per second of all clients together, 0 for no limit
	chance     *rand.Rand
}

// one answers a random element of a list.
func (a *asker) one(list []int) int { return list[a.chance.IntN(len(list))] }

// own answers an object of the list that no other client uses.
func (a *asker) own(list []int) int { return list[a.number%len(list)] }

var few, some = []int{1, 8}, []int{1, 32}

// rows are the table of docs/benchmarks.md: reads first, as writes change how much there is to
// read; images last, as their files are still being created after the call was answered.
var rows = []row{
	{"vm.info", some, true, func(s *stock, c *asker) (string, []any) { return "one.vm.info", []any{c.one(s.vms), false} }},
	{"host.info", some, true, func(s *stock, c *asker) (string, []any) { return "one.host.info", []any{c.one(s.hosts), false} }},
	{"user.info", some, true, func(*stock, *asker) (string, []any) { return "one.user.info", []any{0, false} }},
	{"system.version", some, true, func(*stock, *asker) (string, []any) { return "one.system.version", nil }},
	{"hostpool.info", some, true, func(*stock, *asker) (string, []any) { return "one.hostpool.info", nil }},
	{"vmpool.info", few, true, func(*stock, *asker) (string, []any) { return "one.vmpool.info", []any{-2, -1, -1, -1} }},
	{"vmpool.infoextended", few, true, func(*stock, *asker) (string, []any) {
		return "one.vmpool.infoextended", []any{-2, -1, -1, -1}
	}},
	{"vmpool.info, page of 100", some, true, func(s *stock, c *asker) (string, []any) {
		return "one.vmpool.info", []any{-2, c.chance.IntN(max(len(s.vms)-100, 1)), -100, -1}
	}},
	{"vm.update", some, false, func(s *stock, c *asker) (string, []any) {
		return "one.vm.update", []any{c.one(s.vms), fmt.Sprintf("NOTE = \"%d\"", c.turn), 1}
	}},
	{"vm.action release, hold", some, false, func(s *stock, c *asker) (string, []any) {
		return "one.vm.action", []any{[]string{"release", "hold"}[c.turn%2], c.own(s.vms)}
	}},
	{"vm.allocate", some, false, func(s *stock, _ *asker) (string, []any) { return "one.vm.allocate", []any{s.vm, true} }},
	{"template.instantiate", some, false, func(s *stock, _ *asker) (string, []any) {
		return "one.template.instantiate", []any{s.template, "", true, "", false}
	}},
	{"image.allocate", some, false, func(_ *stock, c *asker) (string, []any) {
		return "one.image.allocate", []any{fmt.Sprintf("NAME=bench-%d-%d-%d\nTYPE=DATABLOCK\nSIZE=1", c.of, c.number, c.turn), 1}
	}},
}

// mix is the load for which OpenNebula publishes figures: of ten calls, five are vm.info, three
// host.info, one vmpool.info, one hostpool.info.
func mix(s *stock, c *asker) (string, []any) {
	byName := func(name string) (string, []any) {
		for _, r := range rows {
			if r.name == name {
				return r.next(s, c)
			}
		}
		panic("bench: no row " + name)
	}
	switch n := c.chance.IntN(10); {
	case n < 5:
		return byName("vm.info")
	case n < 8:
		return byName("host.info")
	case n < 9:
		return byName("vmpool.info")
	}
	return byName("hostpool.info")
}
