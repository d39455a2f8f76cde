package cli

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// life answers with one state after the other, and repeats the last.
func life(states ...[2]int) func() (*node, error) {
	return func() (*node, error) {
		state := states[0]
		if len(states) > 1 {
			states = states[1:]
		}
		return &node{name: "VM", kids: []*node{
			{name: "ID", text: "7"}, {name: "STATE", text: strconv.Itoa(state[0])}, {name: "LCM_STATE", text: strconv.Itoa(state[1])},
		}}, nil
	}
}

func TestWaitPollsUntilTheState(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		err := waitFor(t.Context(), "RUNNING", life([2]int{1, 0}, [2]int{3, 1}, [2]int{3, 2}, [2]int{3, 3}))
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != 3*pollEvery {
			t.Errorf("took %v, want %v", took, 3*pollEvery)
		}
	})
}

func TestWaitGivesUp(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		look func() (*node, error)
		want string
	}{
		"when time is over":      {life([2]int{1, 0}), "the time is over; the state is PENDING, not RUNNING"},
		"when the VM failed":     {life([2]int{3, 1}, [2]int{3, 36}), "VM 7 is BOOT_FAILURE and will not become RUNNING by itself"},
		"when its life is over":  {life([2]int{3, 1}, [2]int{6, 0}), "VM 7 is DONE and will not become RUNNING by itself"},
		"not in another running": {life([2]int{8, 0}), "the time is over; the state is POWEROFF, not RUNNING"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := withLimit(t.Context(), time.Minute)
				defer cancel()
				if err := waitFor(ctx, "RUNNING", test.look); err == nil || err.Error() != test.want {
					t.Errorf("got %v, want %s", err, test.want)
				}
			})
		})
	}
}

func TestWaitEndsWhenTheUserGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		err := waitFor(ctx, "RUNNING", life([2]int{1, 0}))
		if err == nil || !strings.Contains(err.Error(), "canceled") {
			t.Errorf("got %v, want a cancelled wait", err)
		}
	})
}
