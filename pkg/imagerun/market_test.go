package imagerun_test

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// vault is a marketplace whose apps only it can open.
type vault struct{ drivers.Marketplace }

func (vault) Open(_ context.Context, m drivers.Market, source string) (drivers.Content, error) {
	text := m.Attrs.Get("KEY") + " opens " + source
	return drivers.Content{ReadCloser: io.NopCloser(strings.NewReader(text)), Bytes: int64(len(text))}, nil
}

// TestMarketplacesOpenTheirApps: an image is made of what the app's marketplace opens. An
// app that was given another source meanwhile is not what somebody was allowed to use.
func TestMarketplacesOpenTheirApps(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{"vault://apps/1": "the key opens vault://apps/1", "vault://apps/2": ""} {
		r := newRig(t)
		r.runner.Markets = map[string]drivers.Marketplace{"vault": vault{}}
		r.do(func(tx *store.Tx) error {
			m := &market.Market{Meta: object.Meta{ID: 100, Name: "m"}, MAD: "vault"}
			m.Template.Set("KEY", "the key")
			market.Kind.Put(tx, m)
			market.Apps.Put(tx, &market.App{Meta: object.Meta{ID: 7, Name: "a"}, MarketID: 100, State: one.AppReady, Source: "vault://apps/1", SizeMB: 1})
			return nil
		})
		var id int
		r.do(func(tx *store.Tx) (err error) {
			n := image.New{DatastoreID: fsStore, SizeMB: 1}
			n.Template.Set("NAME", "i")
			n.Template.Set("FROM_APP", "7")
			n.Template.Set("PATH", source)
			id, err = image.Allocate(tx, image.DefaultSettings(), alice, n)
			return err
		})
		r.start()
		var img *image.Image
		r.until("an end", func(st store.Reader) bool {
			img, _ = image.Kind.Table.Get(st, store.ID(id))
			return img.State == one.ImageReady || img.State == one.ImageError
		})
		if want == "" {
			if why := img.Template.Get("ERROR"); img.State != one.ImageError || !strings.Contains(why, "Marketplace app 7 is not at vault://apps/2 any more.") {
				t.Errorf("%s: it is %v: %s", source, img.State, why)
			}
			continue
		}
		if got, err := os.ReadFile(img.Source); err != nil || string(got) != want {
			t.Errorf("%s: it is %v and holds %q, %v", source, img.State, got, err)
		}
	}
}
