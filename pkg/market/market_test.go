package market

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

var (
	settings = DefaultSettings()
	oneadmin = &one.Caller{UName: "oneadmin", GName: "oneadmin", Groups: []int{0}, Umask: 0o177}
)

// world is a store with the default marketplaces (0, 1), another one (100) and an image (7).
type world struct{ st *store.Store }

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func newWorld(t *testing.T) world {
	t.Helper()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{Kind.Table, Apps.Table, image.Kind.Table, effect.Table}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	w := world{st}
	w.do(t, func(tx *store.Tx) error {
		image.Kind.Put(tx, &image.Image{Meta: object.Meta{ID: 7, Name: "disk"}, State: one.ImageReady, CloningID: -1})
		if err := Setup(tx, settings); err != nil {
			return err
		}
		_, err := Allocate(tx, settings, oneadmin, parse("NAME=mine\nMARKET_MAD=dummy"))
		return err
	})
	return w
}

func (w world) try(rule func(*store.Tx) error) error {
	return w.st.Update(context.Background(), rule)
}

func (w world) do(t failer, rule func(*store.Tx) error) {
	t.Helper()
	if err := w.try(rule); err != nil {
		t.Fatalf("%v", err)
	}
}

func parse(text string) attr.Template {
	t, err := attr.Parse(text)
	if err != nil {
		panic(err)
	}
	return t
}

// app allocates an app and returns its ID, or why its image cannot be copied.
func (w world) app(text string, marketID int) (id int, err error) {
	var refused error
	err = w.try(func(tx *store.Tx) (err error) {
		id, refused, err = AllocateApp(tx, settings, oneadmin, parse(text), marketID)
		return err
	})
	return id, errors.Join(err, refused)
}

func wants(t *testing.T, what string, err error, code one.Code, text string) {
	t.Helper()
	var e *one.Error
	if !errors.As(err, &e) || e.Code != code || e.Msg != text {
		t.Errorf("%s: got %v; want %v %q", what, err, code, text)
	}
}

func TestAllocateMarketplaceRefuses(t *testing.T) {
	t.Parallel()
	const begin = "Error allocating a new marketplace. "
	w := newWorld(t)
	for text, want := range map[string]string{
		"MARKET_MAD=http":         "Invalid NAME, it cannot be empty",
		"NAME=mine":               "NAME is already taken by MARKETPLACE 100",
		"NAME=x":                  "No marketplace driver (MARKET_MAD) in template.",
		"NAME=x\nMARKET_MAD=y":    `MARKET_MAD_CONF named "y" is not defined in oned.conf`,
		"NAME=x\nMARKET_MAD=HTTP": `MarketPlace template is missing the "BASE_URL" attribute or it's empty.`,
		"NAME=x\nMARKET_MAD=http": `MarketPlace template is missing the "BASE_URL" attribute or it's empty.`,
	} {
		err := w.try(func(tx *store.Tx) error { _, err := Allocate(tx, settings, oneadmin, parse(text)); return err })
		wants(t, text, err, one.CodeAllocate, begin+want)
	}
}

func TestAllocateAppRefuses(t *testing.T) {
	t.Parallel()
	const begin = "Error allocating a new marketplaceapp. "
	w := newWorld(t)
	if _, err := w.app("NAME=taken\nTYPE=VMTEMPLATE\nORIGIN_ID=-1", 100); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text   string
		market int
		code   one.Code
		want   string
		stays  bool
	}{
		"no market":  {"NAME=a\nORIGIN_ID=7", 4242, one.CodeInternal, "Cannot find associated MARKETPLACE ID = 4242", false},
		"public":     {"NAME=a\nORIGIN_ID=7", 0, one.CodeAction, "Create disabled for market: OpenNebula Public", false},
		"no name":    {"ORIGIN_ID=7", 100, one.CodeAllocate, begin + "Invalid NAME, it cannot be empty", false},
		"taken":      {"NAME=taken\nORIGIN_ID=7", 100, one.CodeAllocate, begin + "NAME is already taken by MARKETPLACEAPP 0", false},
		"no origin":  {"NAME=a", 100, one.CodeAllocate, begin + "Missing ORIGIN_ID for the MARKETPLACEAPP", false},
		"no image":   {"NAME=b\nORIGIN_ID=4242", 100, one.CodeInternal, "Image does not exist.", true},
		"other type": {"NAME=c\nTYPE=X\nORIGIN_ID=7", 100, one.CodeInternal, "Marketplace app type not supported.", true},
	} {
		id, err := w.app(c.text, c.market)
		wants(t, name, err, c.code, c.want)
		a, there := Apps.Table.Get(w.st.Read(), store.ID(id))
		if there != c.stays || there && (a.State != one.AppError || !strings.HasSuffix(a.Template.Get("ERROR"), c.want)) {
			t.Errorf("%s: the app is there: %v, %+v", name, there, a)
		}
	}
}

// TestAnImageIsLockedWhileItIsCopied follows an app from AllocateApp to DeleteApp.
func TestAnImageIsLockedWhileItIsCopied(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, err := w.app("NAME=a\nORIGIN_ID=7\nSOURCE=/etc/passwd\nVERSION=1.2", 100)
	if err != nil {
		t.Fatal(err)
	}
	kept := func(state one.ImageState, copies int) {
		t.Helper()
		if img, _ := image.Kind.Get(w.st.Read(), 7); img.State != state || img.CloningOps != copies {
			t.Errorf("the image is %v with %d copies; want %v with %d", img.State, img.CloningOps, state, copies)
		}
	}
	kept(one.ImageUsed, 1)
	w.do(t, func(tx *store.Tx) error {
		Imported(tx, id, drivers.MarketFile{Source: "http://x/a", MD5: "5d", Format: "raw", SizeMiB: 3}, nil)
		Imported(tx, id, drivers.MarketFile{}, errors.New("told twice"))
		return nil
	})
	kept(one.ImageReady, 0)
	a, _ := Apps.Get(w.st.Read(), id)
	if a.State != one.AppReady || a.Source != "http://x/a" || a.MD5 != "5d" || a.SizeMB != 3 || a.Version != "1.2" {
		t.Errorf("the app is %+v", a)
	}
	template := parse("NAME=copy\nFROM_APP=0\nPATH=/etc/passwd\nDRIVER=x")
	size, from, err := ImageTemplate(w.st.Read(), &template, true)
	want := parse("NAME=copy\nFROM_APP=0\nPATH=\"http://x/a\"\nFORMAT=raw\nFROM_APP_NAME=a\nFROM_APP_MD5=5d")
	if diff := cmp.Diff(want, template); diff != "" || size != 3 || !from || err != nil {
		t.Errorf("ImageTemplate FROM_APP: %d MiB, %v, %v\n%s", size, from, err, diff)
	}
	w.do(t, func(tx *store.Tx) error { return DeleteApp(tx, settings, id) })
	if ops := effect.Of(w.st.Read(), one.KindMarketPlaceApp, id); len(ops) != 1 || ops[0].Op != OpDelete {
		t.Errorf("the effects of a deleted app are %v", ops)
	}
	if _, listed := AppsByMarket.First(w.st.Read(), "100"); listed {
		t.Error("a deleted app is still offered")
	}
	w.do(t, func(tx *store.Tx) error { Removed(tx, id); return nil })
	if _, err := Apps.Get(w.st.Read(), id); err == nil {
		t.Error("the app is still there")
	}
}

func TestMarketplacesAreRemovedWhenEmptyOrPublic(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.app("NAME=t\nTYPE=VMTEMPLATE\nORIGIN_ID=-1", 100); err != nil {
		t.Fatal(err)
	}
	list := []attr.Template{parse("NAME=alpine\nSOURCE=\"http://x/alpine\"\nMD5=1\nSIZE=2")}
	w.do(t, func(tx *store.Tx) error { return Seen(tx, settings, 0, drivers.MarketReport{Apps: list}) })
	wants(t, "ours", w.try(func(tx *store.Tx) error { return Delete(tx, settings, 100) }), one.CodeAction,
		"Cannot delete marketplace. marketplace  100 is not empty.")
	w.do(t, func(tx *store.Tx) error { return Enable(tx, settings, 100, false) })
	if n := Apps.Table.Len(w.st.Read()); n != 2 {
		t.Errorf("%d apps are left after marketplace 100 is disabled; want 2", n)
	}
	w.do(t, func(tx *store.Tx) error { return Delete(tx, settings, 0) })
	if n := Apps.Table.Len(w.st.Read()); n != 1 {
		t.Errorf("%d apps are left after the public marketplace is deleted; want 1", n)
	}
}

// Apps are created, updated, and deleted when they are not listed any more.
func TestSeenUpdatesApps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	see := func(list ...string) {
		t.Helper()
		var report drivers.MarketReport
		for _, text := range list {
			report.Apps = append(report.Apps, parse(text))
		}
		w.do(t, func(tx *store.Tx) error { return Seen(tx, settings, 0, report) })
	}
	names := func() (list []string) {
		for row := range Apps.Table.All(w.st.Read()) {
			list = append(list, row.Val.Name+" "+row.Val.Version)
		}
		return list
	}
	see("NAME=a\nVERSION=1\nSIZE=2\nMD5=x", "NAME=b\nVERSION=1", "NAME=\"c/d\"")
	first := names()
	see("NAME=a\nVERSION=2", "NAME=\"c/d\"")
	see("NAME=a\nVERSION=2", "NAME=\"c/d\"")
	second := names()
	see("NAME=a\nVERSION=2", "NAME=\"c/d\"")
	see()
	got := [][]string{first, second, names()}
	want := [][]string{{"a 1", "b 1", "imported--1 "}, {"a 2", "b 1", "imported--1 "}, {"a 2", "imported--1 "}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wrong apps:\n%s", diff)
	}
	w.do(t, func(tx *store.Tx) error { return Enable(tx, settings, 0, false) })
	see("NAME=a")
	if n := Apps.Table.Len(w.st.Read()); n != 0 {
		t.Errorf("a disabled marketplace has %d apps", n)
	}
}

// An image must be locked exactly while it is being copied, whatever the order in which apps are
// created, finished and deleted.
func TestCloningOpsCountsApps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w, n := newWorld(t), 0
		any := func(t *rapid.T) int { return rapid.IntRange(0, max(n, 1)).Draw(t, "app") }
		quiet := func(rule func(*store.Tx) error) {
			var e *one.Error
			if err := w.try(rule); err != nil && !errors.As(err, &e) {
				rt.Fatalf("%v", err)
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"make": func(t *rapid.T) {
				kind := rapid.SampledFrom([]string{"IMAGE", "VMTEMPLATE", "X"}).Draw(t, "type")
				if _, err := w.app("NAME=a"+decimal(n)+"\nORIGIN_ID=7\nTYPE="+kind, 100); err == nil || kind == "X" {
					n++
				}
			},
			"end": func(t *rapid.T) {
				id, failed := any(t), error(nil)
				if rapid.Bool().Draw(t, "fails") {
					failed = errors.New("it failed")
				}
				quiet(func(tx *store.Tx) error {
					for _, e := range effect.Of(tx, one.KindMarketPlaceApp, id) {
						effect.Done(tx, e.ID)
						if e.Op == OpDelete {
							Removed(tx, id)
							return nil
						}
					}
					Imported(tx, id, drivers.MarketFile{}, failed)
					return nil
				})
			},
			"delete": func(t *rapid.T) {
				id := any(t)
				quiet(func(tx *store.Tx) error { return DeleteApp(tx, settings, id) })
			},
			"drop":    func(t *rapid.T) { id := any(t); quiet(func(tx *store.Tx) error { return DropAppDB(tx, id) }) },
			"enable":  func(t *rapid.T) { id := any(t); quiet(func(tx *store.Tx) error { return EnableApp(tx, id, false) }) },
			"disable": func(t *rapid.T) { id := any(t); quiet(func(tx *store.Tx) error { return EnableApp(tx, id, true) }) },
			"": func(t *rapid.T) {
				img, copies := image.Kind.Table.Get(w.st.Read(), store.ID(7))
				lent := 0
				for row := range Apps.Table.All(w.st.Read()) {
					if row.Val.State == one.AppLocked {
						lent++
					}
					busy := row.Val.State == one.AppLocked || row.Val.Leaving
					if ops := len(effect.Of(w.st.Read(), one.KindMarketPlaceApp, row.Val.ID)); busy != (ops == 1) {
						t.Fatalf("app %d is %v with %d effects", row.Val.ID, row.Val.State, ops)
					}
				}
				if !copies || img.CloningOps != lent || (img.State == one.ImageUsed) != (lent > 0) {
					t.Fatalf("the image is %v with %d copies; %d apps are being copied", img.State, img.CloningOps, lent)
				}
			},
		})
		if err := w.st.Close(); err != nil {
			rt.Fatalf("%v", err)
		}
	})
}

func TestAllocateAndUpdateDB(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const app = `<MARKETPLACEAPP><ID>0</ID><UID>2</UID><GID>1</GID><UNAME>a</UNAME><GNAME>g</GNAME><NAME>far</NAME><ZONE_ID>3</ZONE_ID>` +
		`<ORIGIN_ID>9</ORIGIN_ID><SIZE>4</SIZE><MARKETPLACE_ID>100</MARKETPLACE_ID><STATE>1</STATE><TYPE>1</TYPE>` +
		`<PERMISSIONS><OWNER_U>1</OWNER_U><OWNER_M>1</OWNER_M><OTHER_U>1</OTHER_U></PERMISSIONS><TEMPLATE><K><![CDATA[v]]></K></TEMPLATE></MARKETPLACEAPP>`
	w.do(t, func(tx *store.Tx) error { _, err := AllocateAppDB(tx, app); return err })
	a, err := Apps.Get(w.st.Read(), 0)
	if err != nil || a.Name != "far" || a.UID != 2 || a.Perms != 0o604 || a.Template.Get("K") != "v" || a.State != one.AppReady || a.ZoneID != 3 {
		t.Errorf("%v, %+v", err, a)
	}
	for text, want := range map[string]string{
		"":                                "Cannot update object from XML",
		"<MARKETPLACEAPP/>":               "Cannot update object from XML",
		strings.Replace(app, "0", "5", 1): "Consistency check failed",
	} {
		wants(t, text, w.try(func(tx *store.Tx) error { return UpdateAppDB(tx, 0, text) }), one.CodeInternal, want)
	}
	w.do(t, func(tx *store.Tx) error { return UpdateAppDB(tx, 0, strings.Replace(app, "far", "near", 1)) })
	if a, _ := Apps.Get(w.st.Read(), 0); a.Name != "near" {
		t.Errorf("its name is %s", a.Name)
	}
}

// An app that is listed again after two monitorings keeps its state, and its count restarts at 0.
func TestAppIsListedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	see := func(list ...string) {
		t.Helper()
		var report drivers.MarketReport
		for _, text := range list {
			report.Apps = append(report.Apps, parse(text))
		}
		w.do(t, func(tx *store.Tx) error { return Seen(tx, settings, 0, report) })
	}
	const a, b = "NAME=a\nVERSION=1", "NAME=b\nVERSION=1"
	see(a, b)
	w.do(t, func(tx *store.Tx) error { return EnableApp(tx, 0, false) })
	for range 3 {
		see(b)
		see(b)
		see(a, b)
	}
	app, err := Apps.Get(w.st.Read(), 0)
	if err != nil || app.State != one.AppDisabled || app.Unlisted != 0 {
		t.Errorf("%v, it is %+v", err, app)
	}
}
