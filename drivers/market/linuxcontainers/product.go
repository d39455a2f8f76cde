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

// product is a distribution in one version, for one architecture and in one variant.
type product struct {
	Versions map[string]struct {
		Items map[string]struct {
			Path string `json:"path"`
		} `json:"items"`
	} `json:"versions"`
}

// newest answers when the root file system was built that was built last, and where it
// is; "" where there is none.
func (p product) newest() (built, path string) {
	if len(p.Versions) == 0 {
		return "", ""
	}
	built = slices.Max(slices.Collect(maps.Keys(p.Versions)))
	return built, p.Versions[built].Items["root.tar.xz"].Path
}

// tested are the distributions that OpenNebula's contextualization was tested with.
var tested = []string{"almalinux", "alpine", "amazonlinux", "debian", "devuan", "fedora", "opensuse", "oracle", "rockylinux", "ubuntu"}

// app is a product as an app; wanted is false for one that is not offered: other
// architectures, variants for clouds, distributions that were not tested.
func (c containers) app(name string, p product) (t attr.Template, wanted bool) {
	parts := strings.Split(name, ":")
	if len(parts) != 4 || parts[3] != "default" || c.skipUntested && !slices.Contains(tested, parts[0]) {
		return nil, false
	}
	title, arch := parts[0]+"_"+parts[1], ""
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

func (c containers) describe(t *attr.Template, built, path string) {
	url := c.base + path
	for name, value := range map[string]string{
		"SIZE": c.sizeMB, "PUBLISHER": c.base, "FORMAT": c.format, "REGTIME": seconds(built), "LINK": url,
		"SOURCE": fmt.Sprintf("lxd://%s?size=%s&filesystem=%s&format=%s", url, c.sizeMB, c.fs, c.format),
		"MD5":    c.mark(built), "IMPORT_ID": "-1", "ORIGIN_ID": "-1", "VERSION": "1.0", "TYPE": "IMAGE",
		"DESCRIPTION": "Downloaded from " + c.base, "HYPERVISOR": "lxc",
	} {
		t.Set(name, value)
	}
}

// seconds reads the time of a build, which is what versions are called.
func seconds(built string) string {
	at, err := time.Parse("20060102_15:04", built)
	if err != nil {
		return "0"
	}
	return strconv.FormatInt(at.Unix(), 10)
}

// mark changes when the app has to be taken in anew: it is the sum of no file.
func (c containers) mark(built string) string {
	sum := md5.Sum(fmt.Appendf(nil, "%+v %s", c, built))
	return hex.EncodeToString(sum[:])
}
