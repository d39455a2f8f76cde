package hookrun_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/hook"
	"github.com/renkei-vpe/renkei/pkg/hookrun"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// command simulates a command: it returns its exit status.
type command func(ctx context.Context, h drivers.Host, c hookrun.Command) (int, error)

func open(t *testing.T, log store.Log) *store.Store {
	t.Helper()
	s, err := store.Open(store.Options{Log: log, Tables: []store.AnyTable{hook.Kind.Table, hook.Log, effect.Table, host.Kind.Table}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// work runs an engine until the queue is empty, at most for the given time.
func work(t *testing.T, s *store.Store, run command, most time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), most)
	defer cancel()
	e := &engine.Engine{Store: s, Limits: engine.Limits{Hooks: 2, Attempts: 1}, Runners: map[one.Kind]engine.Runner{
		one.KindHook: &hookrun.Runner{
			Store: s, Execute: run, IsLocal: func(name string) bool { return name == "here" },
			Settings: hookrun.Settings{Dir: "/hooks", RemoteDir: "/remote", Timeout: time.Hour, Retention: 20},
		},
	}}
	defer s.Watch(func(c store.Commit) {
		if effect.Table.Len(c.Snap) == 0 {
			cancel()
		}
	})()
	e.Run(ctx)
}

// allocate makes a hook for an API call, and fires it once per lane.
func allocate(t *testing.T, s *store.Store, text string, lanes ...string) {
	t.Helper()
	parsed, err := attr.Parse("TYPE=api\nCALL=one.internal.test\n" + text)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		if _, err := hook.Allocate(tx, parsed, nil); err != nil {
			return err
		}
		for _, lane := range lanes {
			hook.Fire(tx, hook.Event{Call: "one.internal.test", Lane: lane})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func records(r store.Reader) (list []string) {
	for row := range hook.Log.All(r) {
		v := row.Val
		list = append(list, fmt.Sprintf("%d.%d [%s] [%s] %q %q %d", v.Hook, v.Execution, v.Command, v.Arguments, v.Stdout, v.Stderr, v.Code))
	}
	return list
}

func TestCommandsAndTheirLog(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		hook string
		run  command
		want string
	}{
		"below the folder, fails": {
			"COMMAND=\"ft/x.sh -a\"\nARGUMENTS=\"b c\"",
			func(_ context.Context, h drivers.Host, c hookrun.Command) (int, error) {
				fmt.Fprint(c.Stdout, strings.Join(c.Args, "|"), h.Local)
				fmt.Fprint(c.Stderr, "bad")
				return 3, nil
			},
			`0.0 [/hooks/ft/x.sh -a b c] [b c] "sh|-c|/hooks/ft/x.sh -a b ctrue" "bad" 3`,
		},
		"arguments are read": {
			"COMMAND=/x\nARGUMENTS=\"b c\"\nARGUMENTS_STDIN=True",
			func(_ context.Context, _ drivers.Host, c hookrun.Command) (int, error) {
				_, err := io.Copy(c.Stdout, c.Stdin)
				return 0, err
			},
			`0.0 [/x] [b c] "b c" "" 0`,
		},
		"cannot be started": {
			"COMMAND=/x", func(context.Context, drivers.Host, hookrun.Command) (int, error) { return -1, errors.New("no") },
			`0.0 [/x] [] "" "no" 255`,
		},
		"no host": {
			"COMMAND=x\nREMOTE=yes", nil,
			`0.0 [/remote/x] [] "" "the hook is to run on a host (REMOTE), and the event names none" 255`,
		},
		"much is said": {
			"COMMAND=/x",
			func(_ context.Context, _ drivers.Host, c hookrun.Command) (int, error) {
				for range 200 {
					fmt.Fprint(c.Stdout, strings.Repeat("x", 1000))
				}
				return 0, nil
			},
			fmt.Sprintf(`0.0 [/x] [] %q "" 0`, strings.Repeat("x", 64<<10)),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, memlog.New())
			defer s.Close()
			allocate(t, s, "NAME=a\n"+c.hook, "l")
			work(t, s, c.run, time.Minute)
			if diff := cmp.Diff([]string{c.want}, records(s.Read())); diff != "" {
				t.Errorf("log:\n%s", diff)
			}
		})
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, memlog.New())
		defer s.Close()
		allocate(t, s, "NAME=a\nCOMMAND=/x\nTIMEOUT=7", "l")
		begin := time.Now()
		work(t, s, func(ctx context.Context, _ drivers.Host, _ hookrun.Command) (int, error) {
			<-ctx.Done()
			return -1, ctx.Err()
		}, time.Minute)
		if took := time.Since(begin); took != 7*time.Second {
			t.Errorf("it was borne for %v", took)
		}
		if diff := cmp.Diff([]string{`0.0 [/x] [] "" "Timeout executing /x" 255`}, records(s.Read())); diff != "" {
			t.Errorf("log:\n%s", diff)
		}
	})
}

// TestServerStopsDuringAHook: the next server runs the interrupted hook again, then the others
// in its lane, in order.
func TestServerStopsDuringAHook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := memlog.New()
		s := open(t, log)
		allocate(t, s, "NAME=a\nCOMMAND=/a", "vm 1", "vm 2", "vm 1")
		allocate(t, s, "NAME=b\nCOMMAND=/b", "vm 1")
		begun := 0
		work(t, s, func(ctx context.Context, _ drivers.Host, _ hookrun.Command) (int, error) {
			begun++
			<-ctx.Done()
			return -1, ctx.Err()
		}, time.Second)
		if got := records(s.Read()); got != nil || begun < 2 {
			t.Errorf("%d began; the log says %v", begun, got)
		}
		s.Close()
		s = open(t, log)
		defer s.Close()
		work(t, s, func(context.Context, drivers.Host, hookrun.Command) (int, error) { return 0, nil }, time.Minute)
		var ran []string
		for row := range hook.Log.All(s.Read()) {
			ran = append(ran, fmt.Sprint(row.Val.Hook, ".", row.Val.Execution))
		}
		// The last lane was fired after b was made, so both hooks ran.
		if diff := cmp.Diff([]string{"0.0", "0.1", "0.2", "0.3", "1.0"}, ran); diff != "" {
			t.Errorf("ran:\n%s", diff)
		}
	})
}
