package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// pollEvery is the polling interval of `wait`.
const pollEvery = 500 * time.Millisecond

// vmWait waits until VMs have a state. OpenNebula's onevm has no such verb, so scripts need
// loops.
func vmWait() verb {
	return verb{
		name: "wait", short: "Wait until VMs have a state",
		long: `Wait until VMs have a state: one of the STATE or LCM_STATE that show prints,
such as RUNNING or POWEROFF, or of the short ones in the list, such as runn.

It gives up when a VM fails or is done while something else is waited for.`,
		args:  []arg{objects, word("state")},
		flags: func(f *pflag.FlagSet) { f.Duration("timeout", 0, "give up after a time such as 90s or 5m") },
		run: func(s *session, in *input) error {
			want := strings.ToUpper(in.word(1))
			if !isState(want) {
				return fmt.Errorf("%q is no state of a VM; RUNNING, POWEROFF, SUSPENDED, DONE … are", in.word(1))
			}
			limit, _ := in.flags.GetDuration("timeout")
			ctx, cancel := withLimit(s.ctx, limit)
			defer cancel()
			s.ctx = ctx
			return s.each(in, "is "+want, func(id int) error {
				return waitFor(ctx, want, func() (*node, error) {
					vm, _, err := s.read(in.noun.infoRequest(id))
					return vm, err
				})
			})
		},
	}
}

func withLimit(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, limit)
}

// waitFor polls a VM until it has the state, or cannot reach it without a user's action.
func waitFor(ctx context.Context, want string, look func() (*node, error)) error {
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	last := "unknown"
	for {
		vm, err := look()
		if timedOut(ctx) {
			return fmt.Errorf("the time is over; the state is %s, not %s", last, want)
		}
		if err != nil {
			return err
		}
		last = fullState(vm)
		if hasState(vm, want) {
			return nil
		}
		if isFinal(vm) {
			return fmt.Errorf("VM %s is %s and will not become %s by itself", vm.get("ID"), last, want)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			if !timedOut(ctx) {
				return ctx.Err()
			}
		}
	}
}

func timedOut(ctx context.Context) bool { return errors.Is(ctx.Err(), context.DeadlineExceeded) }

func fullState(vm *node) string {
	if vmState(vm) == one.VMActive {
		return lcmState(vm).String()
	}
	return vmState(vm).String()
}

func hasState(vm *node, want string) bool {
	return want == vmState(vm).String() || want == lcmState(vm).String() || want == strings.ToUpper(vmStat(nil, vm))
}

// isFinal tells whether the VM stays in this state until a user acts.
func isFinal(vm *node) bool {
	return vmState(vm) == one.VMDone || strings.HasSuffix(fullState(vm), "FAILURE")
}

// isState tells whether an upper case word is a state of VMs.
func isState(word string) bool {
	for state := one.VMInit; state <= one.VMCloningFailure; state++ {
		if word == state.String() || word == strings.ToUpper(state.Short()) {
			return true
		}
	}
	for _, state := range one.LCMStates() {
		if word == state.String() || word == strings.ToUpper(state.Short()) && word != "" {
			return true
		}
	}
	return false
}
