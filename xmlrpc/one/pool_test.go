package one

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/zone"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

// idPool shows only the IDs of images.
var idPool = pool[image.Image]{
	kind: image.Kind, root: "P",
	form: unkept, write: func(w *render.Writer, _ store.Reader, i *image.Image) { *w = append(*w, decimal(i.ID)+" "...) },
}

func (p pool[T]) list(c *call, f filter) []string {
	var b strings.Builder
	for _, chunk := range p.info(c, f).Chunks[1:] {
		b.Write(chunk)
	}
	return strings.Fields(strings.Split(b.String(), "&lt;")[0])
}

// seen is oned's WHERE clause (PoolSQL::usr_filter); byRule says whether an ACL rule allows the
// caller to see the object.
func seen(c *one.Caller, flag int, h object.Meta, byRule bool) bool {
	const otherU, groupU = 0o004, 0o040
	all := c.UID == 0 || slices.Contains(c.Groups, 0)
	open := h.Perms&otherU != 0 || byRule
	for _, g := range c.Groups {
		open = open || h.GID == g && h.Perms&groupU != 0
	}
	switch flag {
	case filterMine:
		return h.UID == c.UID
	case filterGroup:
		return h.GID == c.GID && (all || h.UID == c.UID || open)
	case filterMineGroup:
		return h.UID == c.UID || slices.Contains(c.Groups, h.GID) && (all || open)
	case filterAll:
		return all || h.UID == c.UID || open
	}
	return h.UID == flag && (flag == c.UID || all || open)
}

// inRange is PoolSQL::oid_filter.
func inRange(id, start, end int) bool {
	if end >= -1 && start != -1 {
		return id >= start && (end == -1 || id <= end)
	}
	return true
}

// TestPoolsShowWhatOnedShows compares pools with that clause, for random objects.
func TestPoolsShowWhatOnedShows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		st, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{image.Kind.Table, acl.Rules, zone.Kind.Table}})
		if err != nil {
			rt.Fatal(err)
		}
		defer st.Close()
		some := rapid.SampledFrom([]int{0, 1, 2, 3})
		objects := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) object.Meta {
			return object.Meta{UID: some.Draw(rt, "uid"), GID: some.Draw(rt, "gid"), Perms: object.Perms(rapid.IntRange(0, 0o777).Draw(rt, "perms"))}
		}), 0, 12).Draw(rt, "objects")
		ruled := rapid.IntRange(-1, 3).Draw(rt, "ruled")
		err = st.Update(rt.Context(), func(tx *store.Tx) error {
			for id := range objects {
				objects[id].ID = id
				image.Kind.Put(tx, &image.Image{Meta: objects[id]})
			}
			if ruled >= 0 { // a rule for one image
				acl.Rules.Put(tx, store.ID(0), &acl.Rule{User: 1<<32 | 2, Resource: uint64(one.KindImage) | 1<<32 | uint64(ruled), Rights: 1, Zone: 1 << 34})
			}
			return nil
		})
		if err != nil {
			rt.Fatal(err)
		}
		caller := &one.Caller{UID: some.Draw(rt, "caller"), GID: rapid.SampledFrom([]int{1, 2}).Draw(rt, "group")}
		caller.Groups = []int{caller.GID}
		if other := some.Draw(rt, "other group"); other != caller.GID {
			caller.Groups = append(caller.Groups, other)
		}
		f := filter{
			flag:  rapid.IntRange(filterGroup, 3).Draw(rt, "flag"),
			start: rapid.IntRange(-3, 12).Draw(rt, "start"), end: rapid.IntRange(-6, 12).Draw(rt, "end"),
		}
		want := []string{}
		for id := len(objects) - 1; id >= 0; id-- {
			if inRange(id, f.start, f.end) && seen(caller, f.flag, objects[id], ruled == id && caller.UID == 2) {
				want = append(want, decimal(id))
			}
		}
		if f.end < -1 { // a page
			from := min(max(f.start, 0), len(want))
			want = want[from:min(from-f.end, len(want))]
		}
		got := idPool.list(&call{Caller: caller, Snap: st.Read()}, f)
		if diff := cmp.Diff(want, append([]string{}, got...)); diff != "" {
			rt.Errorf("%+v sees of %+v with %+v:\n%s", *caller, objects, f, diff)
		}
	})
}

func TestUnknownFilterFlagIsRefused(t *testing.T) {
	t.Parallel()
	c := &call{args: []any{int32(-5), int32(-1), int32(-1)}}
	if _, err := filterOf(c); err == nil || err.Error() != "Incorrect filter_flag" {
		t.Errorf("the answer is %v", err)
	}
}
