// Package pause waits: for time to pass, and for no longer than whoever waits is
// wanted (a context that ends ends the waiting), or for a bell.
package pause

import (
	"context"
	"time"
)

// For waits for d. It answers why ctx ended, where that came first.
func For(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Every does something now and at intervals, until ctx ends. What takes longer
// than an interval is done again at once.
func Every(ctx context.Context, interval time.Duration, do func(context.Context)) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for ctx.Err() == nil {
		do(ctx)
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
}
