package onemarket

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// appliance is an appliance in the JSON of the marketplace.
type appliance struct {
	ID struct {
		OID text `json:"$oid"`
	} `json:"_id"`
	Name         text    `json:"name"`
	Type         *text   `json:"type"`
	Publisher    text    `json:"publisher"`
	Format       text    `json:"format"`
	Description  text    `json:"short_description"`
	Version      text    `json:"version"`
	Tags         []text  `json:"tags"`
	Created      text    `json:"creation_time"`
	Architecture text    `json:"os-arch"`
	Hypervisor   text    `json:"hypervisor"`
	Files        []file  `json:"files"`
	Disks        []text  `json:"disks"`
	Roles        ordered `json:"roles"`
	Template     text    `json:"opennebula_template"`
}

// file is the image file of an appliance.
type file struct {
	Size      text `json:"size"` // in bytes
	MD5       text `json:"md5"`
	DevPrefix text `json:"dev_prefix"`
	Type      text `json:"type"`
}

// app returns the template of the app for an appliance. known is false if the type of the appliance
// is not supported.
func (a appliance) app(base string) (t attr.Template, known bool) {
	kind := "IMAGE"
	if a.Type != nil {
		kind = string(*a.Type)
	}
	link := base + "appliance/" + string(a.ID.OID)
	set(&t,
		"NAME", a.Name, "SOURCE", text(link+"/download/0"), "IMPORT_ID", a.ID.OID, "ORIGIN_ID", "-1", "TYPE", text(kind),
		"PUBLISHER", a.Publisher, "FORMAT", a.Format, "DESCRIPTION", a.Description, "VERSION", a.Version, "TAGS", join(a.Tags),
		"REGTIME", a.Created, "LINK", text(link), "ARCHITECTURE", text(a.arch()), "HYPERVISOR", text(a.hypervisor()))
	switch kind {
	case "IMAGE":
		a.image(&t)
	case "VMTEMPLATE":
		a.vmTemplate(&t)
	case "SERVICE_TEMPLATE":
		a.service(&t)
	default:
		return nil, false
	}
	return t, true
}

// image adds the size and MD5 of the file, the template of the image (APPTEMPLATE64), and the
// template of a VM with this image (VMTEMPLATE64).
func (a appliance) image(t *attr.Template) {
	if len(a.Files) == 0 {
		return
	}
	f := a.Files[0]
	var image attr.Template
	set(&image, "DEV_PREFIX", f.DevPrefix, "TYPE", f.Type)
	set(t, "SIZE", f.sizeMiB(), "MD5", f.MD5, "APPTEMPLATE64", encoded(image), "VMTEMPLATE64", encoded(a.template()))
}

func (f file) sizeMiB() text {
	bytes, err := strconv.ParseFloat(string(f.Size), 64)
	if err != nil || bytes < 0 {
		return "0"
	}
	return text(strconv.FormatFloat(math.Ceil(bytes/(1<<20)), 'f', 0, 64))
}

// vmTemplate adds the disks, each of which names the app of its image, and the VM template.
func (a appliance) vmTemplate(t *attr.Template) {
	set(t, "SIZE", "0", "APPTEMPLATE64", encoded(a.template()))
	for i, app := range a.Disks {
		t.Add(attr.NewVector("DISK", attr.Pair{Key: "NAME", Value: a.diskName(i)}, attr.Pair{Key: "APP", Value: string(app)}))
	}
}

// diskName returns a name of ten hexadecimal digits for a disk. It is the same at each monitoring.
func (a appliance) diskName(i int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "appliance %s disk %d", a.ID.OID, i))
	return hex.EncodeToString(sum[:5])
}

// service adds the roles, each of which names the app of its VM template, and the service template,
// which is JSON.
func (a appliance) service(t *attr.Template) {
	set(t, "SIZE", "0")
	for _, role := range a.Roles {
		t.Add(attr.NewVector("ROLE", attr.Pair{Key: "NAME", Value: role.key}, attr.Pair{Key: "APP", Value: role.text()}))
	}
	if a.Template != "" {
		t.Set("APPTEMPLATE64", base64.StdEncoding.EncodeToString([]byte(a.Template)))
	}
}

// arch returns the architecture by the name that hosts have for it in ARCH.
func (a appliance) arch() string {
	known := map[text]string{"amd64": "x86_64", "arm64": aarch64, "": "all"}
	return cmp.Or(known[a.Architecture], string(a.Architecture))
}

func (a appliance) hypervisor() string {
	if a.Hypervisor == "" || a.Hypervisor == "ALL" {
		return "kvm"
	}
	return strings.ToLower(string(a.Hypervisor))
}

// set sets attributes of a template, except those with an empty value.
func set(t *attr.Template, namesAndValues ...text) {
	for i := 0; i < len(namesAndValues); i += 2 {
		if value := namesAndValues[i+1]; value != "" {
			t.Set(string(namesAndValues[i]), string(value))
		}
	}
}

// encoded returns a template in base64.
func encoded(t attr.Template) text {
	if len(t) == 0 {
		return ""
	}
	return text(base64.StdEncoding.EncodeToString([]byte(t.Text())))
}
