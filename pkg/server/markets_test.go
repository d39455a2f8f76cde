package server_test

import (
	"bytes"
	"crypto/md5"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/drivers/drivertest"
	"github.com/renkei-vpe/renkei/pkg/config"
)

// filesWorld is a server with datastores in a folder, beside which files may lie.
func filesWorld(t *testing.T, change func(*config.Config)) (w world, dir string) {
	t.Helper()
	dir, err := os.MkdirTemp("/var/tmp", "renkei-market-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return open(t, -1, func(c *config.Config) {
		c.Storage.Location = filepath.Join(dir, "datastores")
		if change != nil {
			change(c)
		}
	}), dir
}

var sourceOf = regexp.MustCompile(`<SOURCE><!\[CDATA\[(.*?)\]\]>`)

// file reads the file of an image that is ready.
func (w world) file(t *testing.T, image int) []byte {
	t.Helper()
	source := sourceOf.FindStringSubmatch(w.until(t, "one.image.info", image, "<STATE>1</STATE>"))[1]
	content, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// refuses tells whether a call is refused with a text.
func (w world) refuses(t *testing.T, want, method string, args ...any) {
	t.Helper()
	if answer, err := w.Call(t.Context(), method, args...); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s answers %+v, %v; want %q", method, answer, err, want)
	}
}

// TestImagesComeFromThePublicMarketplace: marketplace 0, which is there from the first
// start on, lists what a web server says; an image is fetched from there and compared.
func TestImagesComeFromThePublicMarketplace(t *testing.T) {
	disk := append([]byte("disk"), make([]byte, 2<<20-4)...)
	sum := md5.Sum(disk)
	list := fmt.Sprintf(`{"appliances": [
		{"_id": {"$oid": "good"}, "name": "good", "format": "raw", "version": "1", "os-arch": "amd64", "files": [{"size": %d, "md5": %q}]},
		{"_id": {"$oid": "bad"}, "name": "bad", "format": "raw", "version": "1", "files": [{"size": %d, "md5": "00"}]},
		{"_id": {"$oid": "vm"}, "name": "vm", "type": "VMTEMPLATE", "version": "1", "disks": ["good"], "opennebula_template": "{\"CPU\": \"1\"}"}]}`,
		len(disk), fmt.Sprintf("%x", sum), len(disk))
	web := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/appliance" {
			if agent := r.UserAgent(); !strings.HasPrefix(agent, "OpenNebula 7.4.0 (Market Driver)") {
				t.Errorf("the marketplace is asked by %s", agent)
			}
			fmt.Fprint(rw, list)
			return
		}
		http.ServeContent(rw, r, "", time.Time{}, bytes.NewReader(disk))
	}))
	t.Cleanup(web.Close)
	w, _ := filesWorld(t, func(c *config.Config) { c.Markets.One = web.URL })

	w.until(t, "one.market.info", 0, "<ID>2</ID></MARKETPLACEAPPS>")
	text := w.until(t, "one.marketapp.info", 0, "<MARKETPLACE>OpenNebula Public</MARKETPLACE><STATE>1</STATE><TYPE>1</TYPE>")
	if want := "<SOURCE><![CDATA[" + web.URL + "/appliance/good/download/0]]></SOURCE>"; !strings.Contains(text, want) || !strings.Contains(text, "<SIZE>2</SIZE>") {
		t.Errorf("the app is %s", text)
	}
	if got := w.file(t, w.must(t, "one.image.allocate", "NAME=good\nFROM_APP=0", 1)); !bytes.Equal(got, disk) {
		t.Errorf("the image has %d bytes, want %d", len(got), len(disk))
	}
	w.until(t, "one.image.info", w.must(t, "one.image.allocate", "NAME=bad\nFROM_APP=1", 1), "<STATE>5</STATE>")

	w.refuses(t, "Delete disabled for market: OpenNebula Public", "one.marketapp.delete", 0)
	w.refuses(t, "Create disabled for market: OpenNebula Public", "one.marketapp.allocate", "NAME=x\nORIGIN_ID=0", 0)
	w.refuses(t, "Changing the ownership for an App from the public Marketplace is not permitted", "one.marketapp.chown", 2, 0, 0)
	w.must(t, "one.market.enable", 0, false)
	w.untilGone(t, "one.marketapp.info", 2)
	w.must(t, "one.market.delete", 0)
}

// TestAnImageGoesToABucketAndBack: only the marketplace has the keys to the bucket.
func TestAnImageGoesToABucketAndBack(t *testing.T) {
	buckets := drivertest.NewS3(t)
	w, dir := filesWorld(t, nil)
	disk := filepath.Join(dir, "disk.raw")
	content := append([]byte("disk"), make([]byte, 1<<20)...)
	if err := os.WriteFile(disk, content, 0o600); err != nil {
		t.Fatal(err)
	}
	origin := w.must(t, "one.image.allocate", "NAME=disk\nTYPE=OS\nPATH="+disk, 1)
	w.until(t, "one.image.info", origin, "<STATE>1</STATE>")
	market := w.must(t, "one.market.allocate", fmt.Sprintf("NAME=m\nMARKET_MAD=s3\nBUCKET=apps\nENDPOINT=%q\nFORCE_PATH_STYLE=YES\n"+
		"ACCESS_KEY_ID=%q\nSECRET_ACCESS_KEY=%q\nREGION=%q", buckets.URL, drivertest.S3KeyID, drivertest.S3Secret, drivertest.S3Region))
	w.until(t, "one.market.info", market, "<TOTAL_MB>1048576</TOTAL_MB>")
	app := w.must(t, "one.marketapp.allocate", fmt.Sprintf("NAME=app\nORIGIN_ID=%d", origin), market)
	w.until(t, "one.marketapp.info", app, "<STATE>1</STATE>")
	w.until(t, "one.marketapp.info", app, fmt.Sprintf("s3://apps/marketapp-%d]]>", app))
	w.until(t, "one.market.info", market, "<TOTAL_MB>1048576</TOTAL_MB>")
	if got := w.file(t, w.must(t, "one.image.allocate", fmt.Sprintf("NAME=back\nFROM_APP=%d", app), 1)); !bytes.Equal(got, content) {
		t.Errorf("what came back has %d bytes, want %d", len(got), len(content))
	}
	w.refuses(t, "images come from files, http and https", "one.image.allocate", "NAME=sly\nPATH=\"s3://apps/marketapp-0\"", 1)
	w.must(t, "one.marketapp.delete", app)
	w.untilGone(t, "one.marketapp.info", app)
	w.must(t, "one.market.delete", market)
}

// TestAContainerBecomesNoImage says why.
func TestAContainerBecomesNoImage(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(rw, `{"products": {"alpine:3.20:amd64:default": {"versions": {"20240902_13:00": {"items": {"root.tar.xz": {"path": "r"}}}}}}}`)
	}))
	t.Cleanup(web.Close)
	w, _ := filesWorld(t, func(c *config.Config) { c.Markets.LinuxContainers = web.URL })
	w.must(t, "one.market.enable", 1, true)
	w.until(t, "one.market.info", 1, "<MARKETPLACEAPPS><ID>0</ID>")
	w.until(t, "one.marketapp.info", 0, "<SOURCE><![CDATA[lxd://"+web.URL+"/r?size=2048")
	image := w.must(t, "one.image.allocate", "NAME=c\nFROM_APP=0", 1)
	if text := w.until(t, "one.image.info", image, "<STATE>5</STATE>"); !strings.Contains(text, "root file system of a container") {
		t.Errorf("it does not say why: %s", text)
	}
}
