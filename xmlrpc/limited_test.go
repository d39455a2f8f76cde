package xmlrpc

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestLimited: the context of a call ends with its time, with all calls, and with the
// call itself, whether it is asked before or after; and so does what is derived from it.
func TestLimited(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		end  func(l *limited, cutOff context.CancelFunc)
		want error
	}{
		"time":      {func(*limited, context.CancelFunc) { time.Sleep(time.Minute) }, context.DeadlineExceeded},
		"all calls": {func(_ *limited, cutOff context.CancelFunc) { cutOff() }, context.Canceled},
		"the call":  {func(l *limited, _ context.CancelFunc) { l.end() }, context.Canceled},
	} {
		for _, asked := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				calls, cutOff := context.WithCancel(t.Context())
				defer cutOff()
				l := limit(calls, time.Minute)
				defer l.end()
				derived := context.Context(l)
				if asked {
					if l.Err() != nil {
						t.Fatalf("%s: it has ended at once", name)
					}
					var cancel context.CancelFunc
					derived, cancel = context.WithCancel(l)
					defer cancel()
				}
				tt.end(l, cutOff)
				<-derived.Done()
				if !errors.Is(derived.Err(), tt.want) || !errors.Is(l.Err(), tt.want) {
					t.Errorf("%s, asked before %v: got %v and %v, want %v", name, asked, l.Err(), derived.Err(), tt.want)
				}
			})
		}
	}
}
