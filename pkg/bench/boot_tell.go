package bench

import (
	"fmt"
	"io"
	"time"
)

// figure is a line of a table of times.
type figure struct {
	name string
	of   func(BootTimes) time.Duration
}

// Tell prints minimum, median and 99th percentile of each time.
func (b Boot) Tell(out io.Writer, all []BootTimes) {
	fmt.Fprintf(out, "%-30s %10s %10s %10s\n", fmt.Sprintf("%d VMs", len(all)), "min", "median", "p99")
	for _, f := range b.figures() {
		times := newTimes(all, f.of)
		fmt.Fprintf(out, "%-30s %10s %10s %10s\n", f.name, rough(times.at(0)), rough(times.at(50)), rough(times.at(99)))
	}
}

func (b Boot) figures() []figure {
	list := []figure{
		{"request answered", func(t BootTimes) time.Duration { return t.Asked }},
		{"request to prepared", func(t BootTimes) time.Duration { return t.Prepared }},
	}
	if b.Log != "" {
		list = append(list,
			figure{"  of it image copy", func(t BootTimes) time.Duration { return t.Copied }},
			figure{"  of it all but the copy", func(t BootTimes) time.Duration { return t.Prepared - t.Copied }})
	}
	list = append(list, figure{"prepared to RUNNING", func(t BootTimes) time.Duration { return t.Running }})
	if b.Hand != nil {
		list = append(list, figure{"prepared to booted", func(t BootTimes) time.Duration { return t.Running + t.Up }})
	}
	list = append(list, figure{"whole", func(t BootTimes) time.Duration { return t.Whole }})
	if b.Hand == nil {
		return list
	}
	return append(list,
		figure{"by hand: disks", func(t BootTimes) time.Duration { return t.Hand.Disks }},
		figure{"by hand: virsh define, start", func(t BootTimes) time.Duration { return t.Hand.Start }},
		figure{"by hand: started to booted", func(t BootTimes) time.Duration { return t.Hand.Up }},
		figure{"by hand: whole", func(t BootTimes) time.Duration { return t.Hand.Whole() }},
		figure{"to RUNNING, more than by hand", BootTimes.moreToRun},
		figure{"whole, more than by hand", BootTimes.more})
}

// more is how much longer the server takes than virsh.
func (t BootTimes) more() time.Duration { return t.Whole - t.Hand.Whole() }

// moreToRun is that until the domain runs: what the guest does afterwards is the same in both
// cases, and depends on how busy the machine is.
func (t BootTimes) moreToRun() time.Duration {
	return t.Prepared + t.Running - t.Hand.Disks - t.Hand.Start
}

// More is the median of how much longer the server takes.
func More(all []BootTimes) time.Duration { return newTimes(all, BootTimes.more).at(50) }
