package one

import (
	"context"
	"iter"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

// pool returns the objects of a kind that a caller may see.
type pool[T any] struct {
	kind *object.Kind[T]
	root string // the element around all
	form int    // under which a version of an object keeps its text, or unkept
	// write writes an object as the pool shows it.
	write func(w *render.Writer, r store.Reader, v *T)
	// only leaves out what it answers false for; nil leaves out nothing.
	only func(*T) bool
	// newest returns the key of the n-th newest object that only lets through; nil if
	// no index can tell.
	newest func(r store.Reader, n int) (store.Key, bool)
}

// Values of the filter flag (include/PoolSQL.h); from 0 on it is a user's ID.
const (
	filterGroup     = -4 // objects of the caller's primary group
	filterMine      = -3
	filterAll       = -2 // all that the caller may see
	filterMineGroup = -1
)

var pFilter = ints("filter flag", "first id / page", "last id / -page size")

// everything is the filter of pools that take only the session.
var everything = filter{flag: filterAll, start: -1, end: -1}

// filter is what a pool call asks for.
type filter struct{ flag, start, end int }

// filterOf reads the filter from arguments 1 to 3.
func filterOf(c *call) (filter, error) {
	f := filter{flag: c.Int(1), start: c.Int(2), end: c.Int(3)}
	if f.flag < filterGroup {
		return f, one.Errorf(one.CodeRPC, "Incorrect filter_flag")
	}
	return f, nil
}

// info returns the pool, newest first, as oned lists by default.
func (p pool[T]) info(c *call, f filter) xmlrpc.Text { return p.infoWith(c, f, nil) }

// infoWith is info with more text after the objects.
func (p pool[T]) infoWith(c *call, f filter, more func(*render.Writer)) xmlrpc.Text {
	text := xmlrpc.Text{Chunks: [][]byte{escapedTag("<" + p.root + ">")}}
	for row := range p.rows(c, f) {
		text.Chunks = append(text.Chunks, p.element(c.Snap, row))
	}
	if more != nil {
		var w render.Writer
		more(&w)
		text.Chunks = append(text.Chunks, xmlrpc.AppendEscaped(nil, string(w)))
	}
	text.Chunks = append(text.Chunks, escapedTag("</"+p.root+">"))
	return text
}

// element is an object as the pool shows it, escaped for the answer.
func (p pool[T]) element(r store.Reader, row *store.Row[T]) []byte {
	if p.form == unkept {
		return fresh(r, row.Val, p.write)
	}
	return made(r, row, p.form, p.write)
}

func escapedTag(tag string) []byte { return xmlrpc.AppendEscaped(nil, tag) }

// rows walks the rows that the filter lets through and the caller may see.
func (p pool[T]) rows(c *call, f filter) iter.Seq[*store.Row[T]] {
	skip, left := f.page()
	from, skip, some := p.begin(c, f, skip)
	return func(yield func(*store.Row[T]) bool) {
		if !some {
			return
		}
		for row := range p.kind.Table.BackwardFrom(c.Snap, from) {
			if !f.holds(int(row.Key.A)) || p.only != nil && !p.only(row.Val) || !p.sees(c, f, row.Val) {
				continue
			}
			if skip > 0 {
				skip--
				continue
			}
			if left == 0 || !yield(row) {
				return
			}
			left--
		}
	}
}

// oldestFirst is rows in reverse: samples are listed by the ID of their object.
func (p pool[T]) oldestFirst(c *call, f filter) []*store.Row[T] {
	rows := slices.Collect(p.rows(c, f))
	slices.Reverse(rows)
	return rows
}

// begin returns where a walk begins and how many rows it still has to skip. For callers who
// see everything, an index knows where a page begins; for others, rights have to be checked
// object by object.
func (p pool[T]) begin(c *call, f filter, skip int) (from store.Key, left int, some bool) {
	newest := p.newest
	if p.only == nil {
		newest = p.kind.Table.Newest
	}
	if newest == nil || skip == 0 || f.flag != filterAll || !c.Caller.IsAdmin() {
		from, some = p.kind.Table.Newest(c.Snap, 0)
		return from, skip, some
	}
	from, some = newest(c.Snap, skip)
	return from, 0, some
}

// page returns how many objects to skip and how many to list at most (below 0: all). An end
// below -1 asks for a page of that size from start on.
func (f filter) page() (skip, most int) {
	if f.end < -1 {
		return max(f.start, 0), -f.end
	}
	return 0, -1
}

// holds reports whether an ID is in the range, where the filter is a range: a
// start of -1 is none, whatever the end says (PoolSQL::oid_filter).
func (f filter) holds(id int) bool {
	if f.end < -1 || f.start == -1 {
		return true
	}
	return id >= f.start && (f.end == -1 || id <= f.end)
}

// sees reports whether the flag and the rights of the caller let an object
// through (PoolSQL::usr_filter). The flag never shows more than the rights do.
func (p pool[T]) sees(c *call, f filter, v *T) bool {
	o, clusters := p.kind.Of(v)
	h := o.Head()
	return f.wants(c.Caller, h) &&
		(c.Caller.IsAdmin() || h.UID == c.Caller.UID ||
			acl.May(c.Snap, c.Caller, acl.On(p.kind.ID(), o, clusters, one.UseNoLock)))
}

// wants reports whether the flag asks for an object of this owner and group.
func (f filter) wants(c *one.Caller, h *object.Meta) bool {
	switch f.flag {
	case filterAll:
		return true
	case filterMine:
		return h.UID == c.UID
	case filterMineGroup:
		return h.UID == c.UID || c.In(h.GID)
	case filterGroup:
		return h.GID == c.GID
	}
	return h.UID == f.flag
}

// infoOf makes one.<noun>.info: the object as its pool shows it.
func (p pool[T]) infoOf(noun string) method {
	return method{
		name: "one." + noun + ".info", params: params(pID, pDecrypt), may: basic(p.kind, one.UseNoLock, 1),
		do: func(_ context.Context, s *Server, c *call) (any, error) {
			row, err := asked(s, c, p.kind, c.Int(1), 2)
			if err != nil {
				return nil, err
			}
			return text(p.element(c.Snap, row)), nil
		},
	}
}

// poolOf makes the pool's method, for pools that take only the session.
func (p pool[T]) poolOf(noun string) method {
	return method{
		name: "one." + noun + ".info",
		do:   func(_ context.Context, _ *Server, c *call) (any, error) { return p.info(c, everything), nil },
	}
}

// filteredOf makes the pool's method, for pools that take a filter and a range.
func (p pool[T]) filteredOf(noun string) method {
	return method{
		name: "one." + noun + ".info", params: pFilter,
		do: func(_ context.Context, _ *Server, c *call) (any, error) {
			f, err := filterOf(c)
			if err != nil {
				return nil, err
			}
			return p.info(c, f), nil
		},
	}
}
