package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// The floor of a call is the time of an empty handler with an answer of the same size; that of
// a write is one write with fsync.

// floor measures the empty handler with answers of size bytes, for a third of a line's time.
func (b Calls) floor(ctx context.Context, size int64, clients int) (result, time.Duration, error) {
	bare := b
	bare.Target, bare.Each = b.Floor.target(size), b.Each/3
	before := processorTime(b.Floor.proc)
	got, err := bare.measure(ctx, nil, func(*stock, *asker) (string, []any) { return "floor", nil }, clients, 0)
	return got, processorTime(b.Floor.proc) - before, err
}

// tellFloor prints the floor of a row below it.
func (b Calls) tellFloor(ctx context.Context, size int64, clients int) error {
	got, processor, err := b.floor(ctx, size, clients)
	if err != nil {
		return fmt.Errorf("measuring the floor: %w", err)
	}
	b.tell("  floor: the same bytes", clients, got, processor)
	return nil
}

// syncs times single writes with fsync in a folder.
func syncs(dir string, n int) (times, error) {
	f, err := os.Create(filepath.Join(dir, "renkei-bench-sync"))
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	all := make([]time.Duration, 0, n)
	page := make([]byte, 4096)
	for range n {
		begin := time.Now()
		if _, err := f.Write(page); err != nil {
			return nil, err
		}
		if err := f.Sync(); err != nil {
			return nil, err
		}
		all = append(all, time.Since(begin))
	}
	return newTimes(all, func(d time.Duration) time.Duration { return d }), nil
}

// tellSync prints the time of a write with fsync.
func (b Calls) tellSync() error {
	const n = 200
	took, err := syncs(os.TempDir(), n)
	if err != nil {
		return fmt.Errorf("measuring a sync: %w", err)
	}
	fmt.Fprintf(b.Out, "floor of a change: one write and sync, p50 %s, p99 %s\n", rough(took.at(50)), rough(took.at(99)))
	return nil
}
