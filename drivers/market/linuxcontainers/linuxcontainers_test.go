package linuxcontainers

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

const root = `{"items": {"root.tar.xz": {"path": "images/P/rootfs.tar.xz"}}}`

// list has two products that are listed as apps, and one for each reason not to list it.
const list = `{"products": {
	"alpine:3.20:arm64:default": {"versions": {"20240902_13:00": ` + root + `, "20240901_13:00": {}}},
	"alpine:3.20:amd64:default": {"versions": {"20240901_13:00": {}, "20240902_13:00": ` + root + `}},
	"alpine:3.20:amd64:cloud": {"versions": {"20240902_13:00": ` + root + `}},
	"alpine:3.20:riscv64:default": {"versions": {"20240902_13:00": ` + root + `}},
	"debian:trixie:amd64:default": {"versions": {"20240902_13:00": {"items": {"lxd.tar.xz": {"path": "x"}}}}},
	"debian:sid:amd64:default": {"versions": {}},
	"gentoo:current:amd64:default": {"versions": {"20240902_13:00": ` + root + `}},
	"odd": {}
}}`

// serve starts an image server, and one that redirects to it, and returns the URLs of both.
func serve(t *testing.T, body string) (old, url string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/new/streams/v1/images.json" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	moved := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, server.URL+"/new"+r.URL.Path, http.StatusMovedPermanently)
	}))
	t.Cleanup(moved.Close)
	return moved.URL, server.URL + "/new/"
}

func look(t *testing.T, attrs ...string) ([]attr.Template, error) {
	t.Helper()
	m := drivers.Market{ID: 1}
	for i := 0; i < len(attrs); i += 2 {
		m.Attrs.Set(attrs[i], attrs[i+1])
	}
	report, err := Lister{}.Look(t.Context(), m)
	return report.Apps, err
}

func names(apps []attr.Template) string {
	var list []string
	for _, app := range apps {
		list = append(list, app.Get("NAME"))
	}
	return strings.Join(list, ", ")
}

func TestContainers(t *testing.T) {
	t.Parallel()
	old, url := serve(t, list)
	apps, err := look(t, "ENDPOINT", old)
	if got, want := names(apps), "alpine_3.20, alpine_3.20 (aarch64)"; err != nil || got != want {
		t.Fatalf("it offers %s, %v; want %s", got, err, want)
	}
	app := apps[1]
	vm, err := base64.StdEncoding.DecodeString(app.Get("VMTEMPLATE64"))
	if err != nil || len(app.Get("MD5")) != 32 {
		t.Errorf("%v, MD5 is %s", err, app.Get("MD5"))
	}
	app.Del("VMTEMPLATE64")
	app.Del("MD5")
	want := strings.ReplaceAll(`APPTEMPLATE64="RFJJVkVSPSJyYXciCg=="
ARCHITECTURE="aarch64"
DESCRIPTION="Downloaded from URL"
FORMAT="raw"
HYPERVISOR="lxc"
IMPORT_ID="-1"
LINK="URLimages/P/rootfs.tar.xz"
NAME="alpine_3.20 (aarch64)"
ORIGIN_ID="-1"
PUBLISHER="URL"
REGTIME="1725282000"
SIZE="2048"
SOURCE="lxd://URLimages/P/rootfs.tar.xz?size=2048&filesystem=ext4&format=raw"
TYPE="IMAGE"
VERSION="1.0"
`, "URL", url)
	if diff := cmp.Diff(want, app.Text()); diff != "" {
		t.Errorf("wrong app (-want +got):\n%s", diff)
	}
	for _, part := range []string{`SCHED_REQUIREMENTS="HYPERVISOR=lxc & ARCH=aarch64"`, `MEMORY="768"`, `LXC_UNPRIVILEGED="false"`, `DATA="lxc.apparmor.profile=unconfined"`} {
		if !strings.Contains(string(vm), part) {
			t.Errorf("the template of its VM has no %s:\n%s", part, vm)
		}
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	old, _ := serve(t, list)
	plain, err := look(t, "ENDPOINT", old)
	if err != nil {
		t.Fatal(err)
	}
	apps, err := look(t, "ENDPOINT", old, "SKIP_UNTESTED", "no", "IMAGE_SIZE_MB", "512", "FILESYSTEM", "xfs", "FORMAT", "qcow2", "MEMORY", "64", "PRIVILEGED", "no")
	if got, want := names(apps), "alpine_3.20, alpine_3.20 (aarch64), gentoo_current"; err != nil || got != want {
		t.Fatalf("it offers %s, %v; want %s", got, err, want)
	}
	vm, _ := base64.StdEncoding.DecodeString(apps[0].Get("VMTEMPLATE64"))
	if !strings.HasSuffix(apps[0].Get("SOURCE"), "?size=512&filesystem=xfs&format=qcow2") || apps[0].Get("SIZE") != "512" ||
		!strings.Contains(string(vm), `MEMORY="64"`) || !strings.Contains(string(vm), `LXC_UNPRIVILEGED="true"`) {
		t.Errorf("it is\n%s%s", apps[0].Text(), vm)
	}
	if plain[0].Get("MD5") == apps[0].Get("MD5") {
		t.Error("the MD5 does not change with the options")
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	if apps, err := look(t); err != nil || len(apps) != 0 {
		t.Errorf("without an address it sees %v, %v", apps, err)
	}
	for body, want := range map[string]string{"x": "invalid character 'x'", "{}": `it has no "products"`} {
		old, url := serve(t, body)
		if _, err := look(t, "ENDPOINT", old); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), url) {
			t.Errorf("%q: %v", body, err)
		}
	}
	if _, err := (Lister{}).Open(t.Context(), drivers.Market{}, "lxd://x"); err == nil || !strings.Contains(err.Error(), "LXC") {
		t.Errorf("a container becomes a disk: %v", err)
	}
}
