package drivertest

import (
	"context"
	"path"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
)

func tmDelete(t *testing.T, m *tmTrial) {
	d := m.disk(t)
	m.twice(t, "Delete of nothing", func(ctx context.Context) error { return m.Driver.Delete(ctx, m.Host, m.dir) })
	m.twice(t, "Clone", func(ctx context.Context) error { return m.Driver.Clone(ctx, m.Host, d) })
	m.twice(t, "Delete of a disk", func(ctx context.Context) error { return m.Driver.Delete(ctx, m.Host, d.Path) })
	m.there(t, m.Host, d.Path, false)
	m.twice(t, "Link", func(ctx context.Context) error { return m.Driver.Link(ctx, m.Host, d) })
	m.twice(t, "Delete of a folder", func(ctx context.Context) error { return m.Driver.Delete(ctx, m.Host, m.dir) })
	m.there(t, m.Host, m.dir, false)
	if err := m.Driver.Clone(t.Context(), m.Host, d); err != nil {
		t.Errorf("Clone after the disk was linked and deleted, is the image gone? %v", err)
	}
}

func tmDeleteConfined(t *testing.T, m *tmTrial) {
	if m.Exists == nil {
		t.Skip("this driver keeps nothing, so it can delete nothing")
	}
	outside := append([]string{
		"", "/", ".", "..", "0/7", m.Root + "/0/7/../../..", m.Root + "/0/7/../8", m.Root + "/0/7/.", "//",
	}, m.Outside...)
	for _, p := range outside {
		if err := m.Driver.Delete(t.Context(), m.Host, p); err == nil {
			t.Errorf("Delete(%q) was taken", p)
		}
	}
}

func tmMove(t *testing.T, m *tmTrial) {
	d := m.disk(t)
	m.twice(t, "Clone", func(ctx context.Context) error { return m.Driver.Clone(ctx, m.Host, d) })
	m.twice(t, "Create", func(ctx context.Context) error {
		return m.Driver.Create(ctx, m.Host, volatileDisk(m.dir, "fs"))
	})
	m.twice(t, "Move", func(ctx context.Context) error { return m.Driver.Move(ctx, m.folder(m.Host), m.folder(m.Other)) })
	m.there(t, m.Host, m.dir, false)
	m.there(t, m.Other, d.Path, true)
	m.there(t, m.Other, path.Join(m.dir, "disk.1"), true)
	m.twice(t, "Resize there", func(ctx context.Context) error { return m.Driver.Resize(ctx, m.Other, d, 32) })
	m.twice(t, "Move back", func(ctx context.Context) error { return m.Driver.Move(ctx, m.folder(m.Other), m.folder(m.Host)) })
	m.there(t, m.Other, m.dir, false)
	m.there(t, m.Host, d.Path, true)
	m.twice(t, "Move to itself", func(ctx context.Context) error { return m.Driver.Move(ctx, m.folder(m.Host), m.folder(m.Host)) })
	m.there(t, m.Host, d.Path, true)
}

// tmMoveElsewhere moves a VM to another datastore on its host.
func tmMoveElsewhere(t *testing.T, m *tmTrial) {
	d := m.disk(t)
	m.twice(t, "Clone", func(ctx context.Context) error { return m.Driver.Clone(ctx, m.Host, d) })
	to := drivers.Folder{Host: m.Host, Dir: path.Join(m.Root, "101", path.Base(m.dir))}
	m.twice(t, "Move", func(ctx context.Context) error { return m.Driver.Move(ctx, m.folder(m.Host), to) })
	m.there(t, m.Host, m.dir, false)
	d.Path = path.Join(to.Dir, path.Base(d.Path))
	m.there(t, m.Host, d.Path, true)
	m.twice(t, "Resize there", func(ctx context.Context) error { return m.Driver.Resize(ctx, m.Host, d, 32) })
}

// folder is the VM's on a host.
func (m *tmTrial) folder(h drivers.Host) drivers.Folder { return drivers.Folder{Host: h, Dir: m.dir} }

func tmMoveNothing(t *testing.T, m *tmTrial) {
	if m.Exists == nil {
		t.Skip("this driver keeps nothing, so it cannot miss anything")
	}
	if err := m.Driver.Move(t.Context(), m.folder(m.Host), m.folder(m.Other)); err == nil {
		t.Error("a folder that is nowhere was moved")
	}
}

func tmAfterCrash(t *testing.T, m *tmTrial) {
	if m.HalfMake == nil {
		t.Skip("this driver makes nothing that could be half-made")
	}
	d, empty := m.disk(t), volatileDisk(m.dir, "fs")
	m.HalfMake(t, m.Host, d.Path)
	m.HalfMake(t, m.Host, empty.Path)
	m.twice(t, "Clone", func(ctx context.Context) error { return m.Driver.Clone(ctx, m.Host, d) })
	m.twice(t, "Create", func(ctx context.Context) error { return m.Driver.Create(ctx, m.Host, empty) })
	m.HalfMake(t, m.Other, m.dir)
	m.twice(t, "Move", func(ctx context.Context) error { return m.Driver.Move(ctx, m.folder(m.Host), m.folder(m.Other)) })
	m.there(t, m.Other, d.Path, true)
	m.twice(t, "Resize", func(ctx context.Context) error { return m.Driver.Resize(ctx, m.Other, d, 32) })
}

func tmNoSource(t *testing.T, m *tmTrial) {
	if m.Exists == nil || m.Blind {
		t.Skip("this driver reads no image")
	}
	d := m.disk(t)
	d.Source += ".absent"
	for what, call := range map[string]func() error{
		"Clone": func() error { return m.Driver.Clone(t.Context(), m.Host, d) },
		"Link":  func() error { return m.Driver.Link(t.Context(), m.Host, d) },
	} {
		if err := call(); err == nil {
			t.Errorf("%s of an image that is absent was taken", what)
		}
	}
	m.there(t, m.Host, d.Path, false)
}
