package server_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/pkg/config"
)

// TestAnImageGoesToAMarketplaceAndBack exports an image to a marketplace in a folder that a web
// server serves, and imports the app as another image, with real files.
func TestAnImageGoesToAMarketplaceAndBack(t *testing.T) {
	dir, err := os.MkdirTemp("/var/tmp", "renkei-market-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	content := append(append([]byte("begin"), make([]byte, 3<<20)...), "end"...)
	if err := os.WriteFile(filepath.Join(dir, "disk.raw"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	public := filepath.Join(dir, "public")
	if err := os.Mkdir(public, 0o700); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(http.FileServer(http.Dir(public)))
	t.Cleanup(web.Close)
	w := open(t, -1, func(c *config.Config) { c.Storage.Location = filepath.Join(dir, "datastores") })

	origin := w.must(t, "one.image.allocate", "NAME=disk\nTYPE=OS\nPATH="+filepath.Join(dir, "disk.raw"), 1)
	w.until(t, "one.image.info", origin, "<STATE>1</STATE>")
	market := w.must(t, "one.market.allocate", fmt.Sprintf("NAME=m\nMARKET_MAD=http\nPUBLIC_DIR=%q\nBASE_URL=%q", public, web.URL))
	w.until(t, "one.market.info", market, "<TOTAL_MB>")
	app := w.must(t, "one.marketapp.allocate", fmt.Sprintf("NAME=app\nTYPE=IMAGE\nORIGIN_ID=%d", origin), market)
	text := w.until(t, "one.marketapp.info", app, "<STATE>1</STATE>")
	if !strings.Contains(text, "<SIZE>4</SIZE>") || !strings.Contains(text, "<FORMAT><![CDATA[raw]]></FORMAT>") {
		t.Errorf("the app is %s", text)
	}
	w.until(t, "one.image.info", origin, "<CLONING_OPS>0</CLONING_OPS>")

	back := w.must(t, "one.image.allocate", fmt.Sprintf("NAME=back\nFROM_APP=%d", app), 1)
	text = w.until(t, "one.image.info", back, "<STATE>1</STATE>")
	source := regexp.MustCompile(`<SOURCE><!\[CDATA\[(.*?)\]\]>`).FindStringSubmatch(text)[1]
	if got, err := os.ReadFile(source); err != nil || !bytes.Equal(got, content) {
		t.Errorf("the imported image has %d bytes, want %d: %v", len(got), len(content), err)
	}

	w.must(t, "one.marketapp.delete", app)
	w.untilGone(t, "one.marketapp.info", app)
	left, err := os.ReadDir(public)
	if err != nil || len(left) > 0 {
		t.Errorf("files are left in the marketplace: %v, %v", left, err)
	}
	w.must(t, "one.market.delete", market)
}

// TestADamagedAppBecomesNoImage changes a byte of an app's file behind the server's back.
func TestADamagedAppBecomesNoImage(t *testing.T) {
	dir, err := os.MkdirTemp("/var/tmp", "renkei-market-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	w := open(t, -1, func(c *config.Config) { c.Storage.Location = filepath.Join(dir, "datastores") })
	origin := w.must(t, "one.image.allocate", "NAME=disk\nTYPE=DATABLOCK\nSIZE=1", 1)
	w.until(t, "one.image.info", origin, "<STATE>1</STATE>")
	market := w.must(t, "one.market.allocate", fmt.Sprintf("NAME=m\nMARKET_MAD=file\nPUBLIC_DIR=%q", dir))
	app := w.must(t, "one.marketapp.allocate", fmt.Sprintf("NAME=app\nORIGIN_ID=%d", origin), market)
	text := w.until(t, "one.marketapp.info", app, "<STATE>1</STATE>")
	file := regexp.MustCompile(`<SOURCE><!\[CDATA\[(.*?)\]\]>`).FindStringSubmatch(text)[1]
	if err := os.WriteFile(file, []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	back := w.must(t, "one.image.allocate", fmt.Sprintf("NAME=back\nFROM_APP=%d", app), 1)
	if text := w.until(t, "one.image.info", back, "<STATE>5</STATE>"); !strings.Contains(text, "MD5") {
		t.Errorf("the error is not in the document: %s", text)
	}
}

// untilGone polls until an object does not exist any more.
func (w world) untilGone(t *testing.T, method string, id int) {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		_, err := w.Call(context.Background(), method, id)
		if err != nil && strings.Contains(err.Error(), "Error getting") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s %d still exists: %v", method, id, err)
		}
	}
}
