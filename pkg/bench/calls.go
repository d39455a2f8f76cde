package bench

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"time"
)

// Calls measures calls, one row after the other.
type Calls struct {
	Target Target
	Size   Size
	Each   time.Duration  // how long each line of the table is measured
	Only   *regexp.Regexp // names of the rows to measure; nil for all
	Mix    int            // calls per second of OpenNebula's published mix; 0 for none
	Floor  *Empty         // measured with answers of the same size after each row that reads; nil for not
	Out    io.Writer
}

// Run fills the server and prints the table, line by line.
func (b Calls) Run(ctx context.Context) error {
	begin := time.Now()
	s, err := b.Target.fill(ctx, b.Size)
	if err != nil {
		return fmt.Errorf("filling the server: %w", err)
	}
	fmt.Fprintf(b.Out, "%d VMs, %d hosts; filled in %v\n", len(s.vms), len(s.hosts), rough(time.Since(begin)))
	b.tellMemory("after filling")
	fmt.Fprintf(b.Out, "%-26s %8s %10s %10s %10s %10s %10s\n", "call", "clients", "per second", "p50", "p99", "bytes", "processor")
	if err := b.rows(ctx, s, true); err != nil {
		return err
	}
	b.tellMemory("after reading")
	if err := b.official(ctx, s); err != nil { // before writes add or change VMs
		return err
	}
	if err := b.tellSync(); err != nil {
		return err
	}
	return b.rows(ctx, s, false)
}

// rows measures the selected rows, of those that read or of those that write.
func (b Calls) rows(ctx context.Context, s *stock, reads bool) error {
	for _, r := range rows {
		if r.reads != reads || b.Only != nil && !b.Only.MatchString(r.name) {
			continue
		}
		if err := b.row(ctx, s, r); err != nil {
			return err
		}
	}
	return nil
}

func (b Calls) tellMemory(when string) {
	if b.Target.Own != nil {
		fmt.Fprintf(b.Out, "memory %s: %d MB\n", when, b.Target.Own.Memory()/1e6)
	}
}

func (b Calls) row(ctx context.Context, s *stock, r row) error {
	for _, clients := range r.clients {
		before := b.Target.processor()
		got, err := b.measure(ctx, s, r.next, clients, 0)
		if err != nil {
			return fmt.Errorf("%s by %d clients: %w", r.name, clients, err)
		}
		b.tell(r.name, clients, got, b.Target.processor()-before)
		if b.Floor != nil && r.reads {
			if err := b.tellFloor(ctx, got.calls[0].bytes, clients); err != nil {
				return err
			}
		}
	}
	return nil
}

// tell prints a line. processor is the server's CPU time for these calls, 0 if unknown.
func (b Calls) tell(name string, clients int, got result, processor time.Duration) {
	took := newTimes(got.calls, func(c sample) time.Duration { return c.took })
	fmt.Fprintf(b.Out, "%-26s %8d %10.1f %10s %10s %10d %10s\n", name, clients,
		float64(len(took))/got.spent.Seconds(), rough(took.at(50)), rough(took.at(99)), got.calls[len(got.calls)-1].bytes,
		known(processor/time.Duration(len(took))))
}

// known formats a time, or that it is unknown.
func known(d time.Duration) string {
	if d == 0 {
		return "-"
	}
	return rough(d)
}

// official measures the mix at the given rate, and prints a line for each method.
func (b Calls) official(ctx context.Context, s *stock) error {
	if b.Mix == 0 {
		return nil
	}
	const clients = 16
	got, err := b.measure(ctx, s, mix, clients, b.Mix)
	if err != nil {
		return fmt.Errorf("official mix: %w", err)
	}
	b.tell(fmt.Sprintf("official mix, %d/s asked", b.Mix), clients, got, 0)
	for _, method := range []string{"one.vm.info", "one.host.info", "one.hostpool.info", "one.vmpool.info"} {
		if part := got.of(method); len(part) > 0 {
			b.tell("  "+method, clients, result{part, got.spent}, 0)
		}
	}
	return nil
}
