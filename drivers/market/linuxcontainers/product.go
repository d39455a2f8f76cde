package linuxcontainers

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// product is a distribution with a version, architecture and variant, for example
// "alpine:3.20:amd64:default". Versions are its builds by their time.
type product struct {
	Versions map[string]struct {
		Items map[string]struct {
			Path string `json:"path"`
		} `json:"items"`
	} `json:"versions"`
}

// newest returns the time of the newest build, and the path of its root file system, which is empty
// if it has none.
func (p product) newest() (built, path string) {
	if len(p.Versions) == 0 {
		return "", ""
	}
	built = slices.Max(slices.Collect(maps.Keys(p.Versions)))
	return built, p.Versions[built].Items["root.tar.xz"].Path
}

// tested are the distributions that OpenNebula's contextualization is tested with.
var tested = []string{"almalinux", "alpine", "amazonlinux", "debian", "devuan", "fedora", "opensuse", "oracle", "rockylinux", "ubuntu"}

// app returns the template of the app for a product. wanted is false if the product is not listed:
// if it has another architecture, another variant than the default, no root file system or, with
// SKIP_UNTESTED, a distribution that is not tested.
func (c containers) app(name string, p product) (t attr.Template, wanted bool) {
	parts := strings.Split(name, ":")
	if len(parts) != 4 || parts[3] != "default" || c.skipUntested && !slices.Contains(tested, parts[0]) {
		return nil, false
	}
	title := parts[0] + "_" + parts[1]
	var arch string
	switch parts[2] {
	case "amd64":
		arch = "x86_64"
	case "arm64":
		arch = "aarch64"
		title += " (aarch64)"
	default:
		return nil, false
	}
	built, path := p.newest()
	if path == "" {
		return nil, false
	}
	t.Set("NAME", title)
	t.Set("ARCHITECTURE", arch)
	c.describe(&t, built, path)
	t.Set("APPTEMPLATE64", base64.StdEncoding.EncodeToString([]byte("DRIVER=\"raw\"\n")))
	t.Set("VMTEMPLATE64", base64.StdEncoding.EncodeToString([]byte(c.vm(arch).Text())))
	return t, true
}

// describe sets the attributes that depend on the build and the options.
func (c containers) describe(t *attr.Template, built, path string) {
	url := c.base + path
	for name, value := range map[string]string{
		"SIZE": c.sizeMB, "PUBLISHER": c.base, "FORMAT": c.format, "REGTIME": seconds(built), "LINK": url,
		"SOURCE": fmt.Sprintf("lxd://%s?size=%s&filesystem=%s&format=%s", url, c.sizeMB, c.fs, c.format),
		"MD5":    c.version(built), "IMPORT_ID": "-1", "ORIGIN_ID": "-1", "VERSION": "1.0", "TYPE": "IMAGE",
		"DESCRIPTION": "Downloaded from " + c.base, "HYPERVISOR": "lxc",
	} {
		t.Set(name, value)
	}
}

// seconds returns the time of a build in seconds since 1970, or "0" if it cannot be parsed.
func seconds(built string) string {
	at, err := time.Parse("20060102_15:04", built)
	if err != nil {
		return "0"
	}
	return strconv.FormatInt(at.Unix(), 10)
}

// version returns the MD5 attribute of an app. It is not the sum of a file, but changes with the
// build and the options, so that the app is then updated. Renamed fields of options change it, too.
func (c containers) version(built string) string {
	sum := md5.Sum(fmt.Appendf(nil, "%+v %s %s", c.options, c.base, built))
	return hex.EncodeToString(sum[:])
}
