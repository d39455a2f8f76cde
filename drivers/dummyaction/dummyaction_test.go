package dummyaction

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

func TestPlayAsTold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for file, text := range map[string]string{"fails": "failure\n", "zero": "0 0.001", "works": "success\n", "empty": ""} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for action, fails := range map[string]bool{"fails": true, "zero": true, "works": false, "empty": false, "absent": false} {
		if err := (Actions{Dir: dir}).Play(t.Context(), action); errors.Is(err, ErrTold) != fails {
			t.Errorf("%s: %v, want a failure: %v", action, err, fails)
		}
	}
}

func TestDelayEndsWithContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		if err := (Actions{Delay: time.Minute}).Play(t.Context(), "clone"); err != nil || time.Since(start) != time.Minute {
			t.Errorf("took %v, %v; want a minute", time.Since(start), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := (Actions{Delay: time.Minute}).Play(ctx, "clone"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("past the deadline: %v", err)
		}
	})
}

func TestAnActionTakesAsLongAsItsFileSays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "slow"), []byte("success 30"), 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		if err := (Actions{Dir: dir}).Play(t.Context(), "slow"); err != nil || time.Since(start) != 30*time.Second {
			t.Errorf("took %v, %v; want 30 s", time.Since(start), err)
		}
	})
}
