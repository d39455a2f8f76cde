package drivertest

import (
	"context"
	"errors"
	"path"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// TM is a transfer driver under test, with what the tests need.
type TM struct {
	Driver      drivers.Transfer
	Host, Other drivers.Host // two hosts without shared storage
	Root        string       // the folder of the datastores on them
	// NewImage makes an image of at most 16 MiB in a datastore and answers its path and the
	// DISK vector of a VM that uses it.
	NewImage func(t *testing.T) (source string, disk attr.Attr)
	// Exists tells whether a path exists on a host; nil if the driver stores nothing.
	Exists func(t *testing.T, h drivers.Host, path string) bool
	// Blind tells that the driver does not read images.
	Blind bool
	// HalfMake makes the files that a crash during the making of path leaves.
	HalfMake func(t *testing.T, h drivers.Host, path string)
	// Outside are further paths that Delete must not delete.
	Outside []string
}

// RunTM checks a driver against the contract of drivers.Transfer. setup is called for each test
// and answers a driver with empty hosts.
func RunTM(t *testing.T, setup func(t *testing.T) TM) {
	for name, test := range map[string]func(*testing.T, *tmTrial){
		"clone":            tmClone,
		"boot file":        tmBootFile,
		"link and return":  tmLink,
		"volatile":         tmVolatile,
		"context":          tmContext,
		"save as":          tmSaveAs,
		"resize":           tmResize,
		"delete":           tmDelete,
		"delete confined":  tmDeleteConfined,
		"move":             tmMove,
		"move of nothing":  tmMoveNothing,
		"move elsewhere":   tmMoveElsewhere,
		"after crash":      tmAfterCrash,
		"cancelled":        tmCancelled,
		"source is absent": tmNoSource,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newTMTrial(t, setup(t)))
		})
	}
}

// tmTrial is one test with its VM.
type tmTrial struct {
	TM
	dir string // the VM's folder
}

func newTMTrial(_ *testing.T, on TM) *tmTrial {
	return &tmTrial{TM: on, dir: path.Join(on.Root, "0", "7")}
}

func (m *tmTrial) disk(t *testing.T) drivers.Disk {
	t.Helper()
	source, attrs := m.NewImage(t)
	return drivers.Disk{ID: 0, Attrs: attrs, Source: source, Path: path.Join(m.dir, "disk.0")}
}

func volatileDisk(dir, kind string) drivers.Disk {
	return drivers.Disk{ID: 1, Path: path.Join(dir, "disk.1"), Attrs: attr.NewVector("DISK",
		attr.Pair{Key: "TYPE", Value: kind}, attr.Pair{Key: "SIZE", Value: "24"})}
}

// twice makes a call that has to succeed, and to succeed again.
func (m *tmTrial) twice(t *testing.T, what string, call func(ctx context.Context) error) {
	t.Helper()
	for _, round := range []string{"", ", repeated"} {
		if err := call(t.Context()); err != nil {
			t.Fatalf("%s%s: %v", what, round, err)
		}
	}
}

// there fails the test unless path exists on h, or does not, as want says.
func (m *tmTrial) there(t *testing.T, h drivers.Host, path string, want bool) {
	t.Helper()
	if m.Exists == nil {
		return
	}
	if got := m.Exists(t, h, path); got != want {
		t.Errorf("%s on %q: there = %v, want %v", path, h.Name, got, want)
	}
}

func tmClone(t *testing.T, m *tmTrial) {
	d := m.disk(t)
	m.twice(t, "Clone", func(ctx context.Context) error { return m.Driver.Clone(ctx, m.Host, d) })
	m.there(t, m.Host, d.Path, true)
}

func tmLink(t *testing.T, m *tmTrial) {
	d := m.disk(t)
	m.twice(t, "Link", func(ctx context.Context) error { return m.Driver.Link(ctx, m.Host, d) })
	m.there(t, m.Host, d.Path, true)
	m.twice(t, "Return", func(ctx context.Context) error { return m.Driver.Return(ctx, m.Host, d) })
	m.there(t, drivers.Host{Local: true}, d.Source, true)
}

func tmVolatile(t *testing.T, m *tmTrial) {
	for _, kind := range []string{"fs", "swap"} {
		d := volatileDisk(m.dir, kind)
		m.twice(t, "Create "+kind, func(ctx context.Context) error { return m.Driver.Create(ctx, m.Host, d) })
		m.there(t, m.Host, d.Path, true)
		m.twice(t, "Delete", func(ctx context.Context) error { return m.Driver.Delete(ctx, m.Host, d.Path) })
	}
}

func tmContext(t *testing.T, m *tmTrial) {
	d := drivers.Disk{ID: 2, Path: path.Join(m.dir, "disk.2"), Attrs: attr.NewVector("DISK")}
	files := []drivers.File{{Name: "context.sh", Data: []byte("A='1'\n")}}
	m.twice(t, "Context", func(ctx context.Context) error { return m.Driver.Context(ctx, m.Host, d, files) })
	m.there(t, m.Host, d.Path, true)
}

func tmSaveAs(t *testing.T, m *tmTrial) {
	d, dst := m.disk(t), path.Join(m.Root, "1", "saved")
	m.twice(t, "Clone", func(ctx context.Context) error { return m.Driver.Clone(ctx, m.Host, d) })
	m.twice(t, "SaveAs", func(ctx context.Context) error { return m.Driver.SaveAs(ctx, m.Host, d, dst) })
	m.there(t, drivers.Host{Local: true}, dst, true)
}

func tmResize(t *testing.T, m *tmTrial) {
	d := m.disk(t)
	m.twice(t, "Clone", func(ctx context.Context) error { return m.Driver.Clone(ctx, m.Host, d) })
	m.twice(t, "Resize", func(ctx context.Context) error { return m.Driver.Resize(ctx, m.Host, d, 32) })
	m.twice(t, "Resize to less", func(ctx context.Context) error { return m.Driver.Resize(ctx, m.Host, d, 8) })
}

// errCallOff is the cause of cancelled contexts in tests.
var errCallOff = errors.New("the test called it off")

func tmCancelled(t *testing.T, m *tmTrial) {
	d := m.disk(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errCallOff)
	for what, call := range map[string]func() error{
		"Clone":  func() error { return m.Driver.Clone(ctx, m.Host, d) },
		"Link":   func() error { return m.Driver.Link(ctx, m.Host, d) },
		"Create": func() error { return m.Driver.Create(ctx, m.Host, volatileDisk(m.dir, "fs")) },
		"Delete": func() error { return m.Driver.Delete(ctx, m.Host, m.dir) },
		"Move":   func() error { return m.Driver.Move(ctx, m.folder(m.Host), m.folder(m.Other)) },
	} {
		if err := call(); !errors.Is(err, context.Canceled) && !errors.Is(err, errCallOff) {
			t.Errorf("%s, called off: %v", what, err)
		}
	}
	m.there(t, m.Host, d.Path, false)
	m.twice(t, "Clone after all", func(ctx context.Context) error { return m.Driver.Clone(ctx, m.Host, d) })
}
