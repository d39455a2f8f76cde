package engine

import (
	"cmp"
	"slices"
	"time"

	"github.com/renkei-vpe/renkei/pkg/effect"
)

// Status is an effect that is queued or under way.
type Status struct {
	Effect   *effect.Effect
	Running  bool
	Since    time.Time // start time
	Progress Progress
}

// Status lists all unfinished effects, oldest first.
func (e *Engine) Status() []Status {
	e.mu.Lock()
	defer e.mu.Unlock()
	var list []Status
	for _, w := range e.lanes {
		if w.running != nil {
			list = append(list, Status{w.running, true, w.since, w.progress})
		}
		for _, q := range w.queue {
			list = append(list, Status{Effect: q})
		}
	}
	slices.SortFunc(list, func(a, b Status) int { return cmp.Compare(a.Effect.ID, b.Effect.ID) })
	return list
}
