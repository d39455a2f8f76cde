package onemarket

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/webget"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// serve starts a marketplace whose list is body, or that responds with 404 if body is empty, and
// returns its URL.
func serve(t *testing.T, body string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body == "" || r.URL.Path != "/appliance" || r.UserAgent() != "a driver" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func look(t *testing.T, l Lister, endpoint string) ([]attr.Template, error) {
	t.Helper()
	l.Web = webget.Getter{Agent: "a driver"}
	m := drivers.Market{ID: 0}
	if endpoint != "" {
		m.Attrs.Set("ENDPOINT", endpoint)
	}
	report, err := l.Look(t.Context(), m)
	if report.Usage != (drivers.Usage{}) {
		t.Errorf("a public marketplace says how large it is: %+v", report.Usage)
	}
	return report.Apps, err
}

// only returns the app of a marketplace that has only this appliance, and the URL of the
// marketplace.
func only(t *testing.T, appliance string) (app attr.Template, url string) {
	t.Helper()
	url = serve(t, `{"appliances": [`+appliance+`]}`)
	apps, err := look(t, Lister{}, url)
	if err != nil || len(apps) != 1 {
		t.Fatalf("%d apps, %v", len(apps), err)
	}
	return apps[0], url
}

// inner decodes an attribute that is a template in base64.
func inner(t *testing.T, app attr.Template, name string) string {
	t.Helper()
	text, err := base64.StdEncoding.DecodeString(app.Get(name))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(text)
}

func wants(t *testing.T, app attr.Template, want string) {
	t.Helper()
	if diff := cmp.Diff(want, app.Text()); diff != "" {
		t.Errorf("wrong app (-want +got):\n%s", diff)
	}
}

func TestImage(t *testing.T) {
	t.Parallel()
	app, url := only(t, `{"_id": {"$oid": "ab1"}, "name": "Guest 1.2", "publisher": "Some \"One\"", "format": "qcow2",
		"short_description": "A guest", "version": "1.2-3", "tags": ["small", "fast"], "creation_time": 1700000000, "os-arch": "amd64",
		"hypervisor": "ALL", "files": [{"size": "1048577", "md5": "0123", "dev_prefix": "vd", "type": "OS"}, {"size": 5}],
		"opennebula_template": "{\"CPU\": 1, \"MEMORY\": \"768\", \"NIC\": [{\"MODEL\": \"virtio\"}, {\"MODEL\": \"e1000\"}], \"OS\": {\"BOOT\": \"\"}, \"RAW\": {\"DATA\": \"a=\\\"b\\\"\"}}"}`)
	image, vm := inner(t, app, "APPTEMPLATE64"), inner(t, app, "VMTEMPLATE64")
	app.Del("APPTEMPLATE64")
	app.Del("VMTEMPLATE64")
	wants(t, app, strings.ReplaceAll(`ARCHITECTURE="x86_64"
DESCRIPTION="A guest"
FORMAT="qcow2"
HYPERVISOR="kvm"
IMPORT_ID="ab1"
LINK="URL/appliance/ab1"
MD5="0123"
NAME="Guest 1.2"
ORIGIN_ID="-1"
PUBLISHER="Some \"One\""
REGTIME="1700000000"
SIZE="2"
SOURCE="URL/appliance/ab1/download/0"
TAGS="small, fast"
TYPE="IMAGE"
VERSION="1.2-3"
`, "URL", url))
	if want := "DEV_PREFIX=\"vd\"\nTYPE=\"OS\"\n"; image != want {
		t.Errorf("the template of its image is %q, want %q", image, want)
	}
	want := `CPU="1"
HYPERVISOR="kvm"
MEMORY="768"
NIC=[
  MODEL="virtio" ]
NIC=[
  MODEL="e1000" ]
RAW=[
  DATA="a=\"b\"" ]
SCHED_REQUIREMENTS="HYPERVISOR=kvm"
`
	if diff := cmp.Diff(want, vm); diff != "" {
		t.Errorf("wrong template of a VM (-want +got):\n%s", diff)
	}
}

func TestImageForARM(t *testing.T) {
	t.Parallel()
	app, _ := only(t, `{"_id": {"$oid": "x"}, "name": "arm", "os-arch": "arm64", "hypervisor": "KVM", "files": [{}],
		"opennebula_template": "{\"OS\": {\"MACHINE\": \"pc\", \"BOOT\": \"disk0\"}, \"SCHED_REQUIREMENTS\": \"FREE_CPU > 1\"}"}`)
	want := `HYPERVISOR="kvm"
OS=[
  ARCH="aarch64",
  BOOT="disk0",
  FIRMWARE="/usr/share/AAVMF/AAVMF_CODE.fd",
  FIRMWARE_SECURE="no",
  MACHINE="virt" ]
SCHED_REQUIREMENTS="FREE_CPU > 1 & HYPERVISOR=kvm & ARCH=aarch64"
`
	if diff := cmp.Diff(want, inner(t, app, "VMTEMPLATE64")); diff != "" {
		t.Errorf("wrong template of a VM (-want +got):\n%s", diff)
	}
	if app.Get("ARCHITECTURE") != "aarch64" || app.Get("SIZE") != "0" || app.Has("APPTEMPLATE64") {
		t.Errorf("the app is\n%s", app.Text())
	}
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	text := `{"_id": {"$oid": "v"}, "name": "vm", "type": "VMTEMPLATE", "disks": ["a", "b"], "opennebula_template": "{\"CPU\": \"2\"}"}`
	app, _ := only(t, text)
	disks := app.Vectors("DISK")
	if len(disks) != 2 || disks[0].Get("APP") != "a" || disks[1].Get("APP") != "b" || len(disks[0].Get("NAME")) != 10 || disks[0].Get("NAME") == disks[1].Get("NAME") {
		t.Errorf("its disks are %+v", disks)
	}
	if got := inner(t, app, "APPTEMPLATE64"); !strings.Contains(got, `CPU="2"`) || app.Get("SIZE") != "0" || app.Get("TYPE") != "VMTEMPLATE" || app.Has("VMTEMPLATE64") {
		t.Errorf("the app is\n%s%s", app.Text(), got)
	}
	again, _ := only(t, text)
	if diff := cmp.Diff(disks, again.Vectors("DISK")); diff != "" {
		t.Errorf("its disks are called otherwise the next time:\n%s", diff)
	}
	app, _ = only(t, `{"_id": {"$oid": "s"}, "name": "s", "type": "SERVICE_TEMPLATE", "roles": {"z": "vm", "a": "vm"}, "opennebula_template": "{\"name\":\"s\"}"}`)
	roles := app.Vectors("ROLE")
	if len(roles) != 2 || roles[0].Get("NAME") != "z" || roles[1].Get("NAME") != "a" || roles[1].Get("APP") != "vm" || inner(t, app, "APPTEMPLATE64") != `{"name":"s"}` {
		t.Errorf("the service is\n%s", app.Text())
	}
}

// Appliances of unknown types are not listed; VM templates that are not JSON are left out.
func TestUnknownTypeAndBadTemplate(t *testing.T) {
	t.Parallel()
	apps, err := look(t, Lister{}, serve(t, `{"appliances": [{"_id": {"$oid": "1"}, "name": "n", "type": "HOLOGRAM"}]}`))
	if err != nil || len(apps) != 0 {
		t.Errorf("%v, %v", apps, err)
	}
	app, _ := only(t, `{"_id": {"$oid": "2"}, "name": "n", "type": null, "files": null, "tags": null, "opennebula_template": "no JSON"}`)
	if app.Get("TYPE") != "IMAGE" || app.Get("ARCHITECTURE") != "all" || app.Has("SIZE") || app.Has("VMTEMPLATE64") {
		t.Errorf("the app is\n%s", app.Text())
	}
}

func TestEndpoint(t *testing.T) {
	t.Parallel()
	full, empty := serve(t, `{"appliances": [{"_id": {"$oid": "1"}, "name": "n"}]}`), serve(t, `{"appliances": []}`)
	for name, c := range map[string]struct {
		own, common string
		want        int
	}{
		"ENDPOINT":                         {full, empty, 1},
		"ENDPOINT with a slash at the end": {full + "/", "", 1},
		"default":                          {"", full, 1},
		"ENDPOINT without appliances":      {empty, full, 0},
		"neither":                          {"", "", 0},
	} {
		if apps, err := look(t, Lister{Endpoint: c.common}, c.own); err != nil || len(apps) != c.want {
			t.Errorf("%s: %d apps, %v", name, len(apps), err)
		}
	}
}

func TestErrorsContainTheURL(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"":                        "404 Not Found",
		"<html>":                  "no list of appliances: invalid character '<'",
		`{"apps": []}`:            `no list of appliances: it has no "appliances"`,
		`{"appliances": {"a":1}}`: "no list of appliances: json: cannot unmarshal object",
	} {
		url := serve(t, body)
		if _, err := look(t, Lister{}, url); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), url+"/appliance") {
			t.Errorf("%q: %v", body, err)
		}
	}
}
