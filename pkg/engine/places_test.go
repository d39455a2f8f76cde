package engine

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/effect"
)

// TestPlaces, with effects that start and end in random order: nobody waits for a free slot, no
// limit is exceeded, and an idle host never waits for others.
func TestPlaces(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		limits := Limits{
			PerHost: rapid.IntRange(1, 4).Draw(t, "per host"), Shared: rapid.IntRange(0, 5).Draw(t, "shared"), FrontEnd: 2, Hooks: 1,
		}
		p, wants, under := newPlaces(limits), map[lane]int{}, []int(nil)
		t.Repeat(map[string]func(*rapid.T){
			"arrive": func(t *rapid.T) {
				l := lane{id: len(wants)}
				wants[l] = rapid.IntRange(effect.HookRunner, 4).Draw(t, "place")
				if p.enter(wants[l], l) {
					under = append(under, wants[l])
				}
			},
			"end": func(t *rapid.T) {
				if len(under) == 0 {
					t.Skip("nothing is under way")
				}
				i := rapid.IntRange(0, len(under)-1).Draw(t, "which")
				p.leave(under[i])
				under = append(under[:i], under[i+1:]...)
				for l, some := p.admit(); some; l, some = p.admit() {
					if !p.enter(wants[l], l) {
						t.Fatalf("%d was admitted to %d, and did not get in", l.id, wants[l])
					}
					under = append(under, wants[l])
				}
			},
			"": func(t *rapid.T) { checkPlaces(t, p, under) },
		})
	})
}

// checkPlaces compares places with the effects under way.
func checkPlaces(t *rapid.T, p *places, under []int) {
	taken, shared := map[int]int{}, 0
	for _, id := range under {
		taken[id]++
		if id >= 0 && taken[id] > 1 {
			shared++
		}
	}
	if shared != p.shared || p.limits.Shared > 0 && shared > p.limits.Shared {
		t.Fatalf("%d shared slots are taken, of %d; %d are counted", shared, p.limits.Shared, p.shared)
	}
	for id, at := range p.all {
		if at.taken != taken[id] || at.taken > p.limits.slots(id) {
			t.Fatalf("%d are under way at %d, whose limit is %d; %d are counted", taken[id], id, p.limits.slots(id), at.taken)
		}
		full := at.taken == p.limits.slots(id) || id >= 0 && shared == p.limits.Shared && p.limits.Shared > 0
		if len(at.line) > 0 && (!full || at.taken == 0) {
			t.Fatalf("%d wait at %d, where %d are under way", len(at.line), id, at.taken)
		}
	}
}

// TestSharedSlotsGoToTheLeastBusyHost: one host holds all shared slots; when it frees them,
// waiting hosts with fewer effects come first.
func TestSharedSlotsGoToTheLeastBusyHost(t *testing.T) {
	t.Parallel()
	p := newPlaces(Limits{PerHost: 9, Shared: 4})
	for i := range 7 { // five on host 0: its own slot and all shared ones
		p.enter(0, lane{id: i})
	}
	for i := range 2 {
		p.enter(1, lane{id: 10 + i})
	}
	var got []int
	for range 3 {
		p.leave(0)
		for l, some := p.admit(); some; l, some = p.admit() {
			got = append(got, l.id)
			p.enter(l.id/10, l)
		}
	}
	if len(got) != 3 || got[0] != 11 || got[1] != 5 || got[2] != 6 {
		t.Errorf("admitted %v; want 11 of the other host, then 5 and 6", got)
	}
}
