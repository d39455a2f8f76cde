package vm

import (
	"crypto/rand"
	"regexp"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Maximum lengths of passwords in bytes. Longer ones are truncated.
const (
	maxVNCPassword   = 8
	maxSPICEPassword = 59
)

// parseGraphics validates GRAPHICS and moves the first one to TEMPLATE.
func parseGraphics(_ *store.Tx, _ Settings, v *VM) error {
	list := claimVectors(v, "GRAPHICS")
	if len(list) == 0 {
		return nil
	}
	keepFirst(v, "GRAPHICS")
	return checkGraphics(v.Template.Vector("GRAPHICS"))
}

func checkGraphics(g *attr.Attr) error {
	if g.Get("PORT") != "" {
		if port, ok := g.Int("PORT"); !ok || port < 0 || port > 65535 {
			return bad("Wrong PORT number in GRAPHICS attribute")
		}
	}
	password := g.Get("PASSWD")
	if random, _ := g.Bool("RANDOM_PASSWD"); random && password == "" {
		password = rand.Text()
	}
	switch strings.ToLower(g.Get("TYPE")) {
	case "spice":
		password = password[:min(len(password), maxSPICEPassword)]
	case "vnc":
		password = password[:min(len(password), maxVNCPassword)]
	}
	if password != "" {
		g.Set("PASSWD", password)
	}
	return nil
}

// parseVideo validates VIDEO and moves the first one to TEMPLATE.
func parseVideo(_ *store.Tx, _ Settings, v *VM) error {
	list := claimVectors(v, "VIDEO")
	if len(list) == 0 {
		return nil
	}
	keepFirst(v, "VIDEO")
	return checkVideo(v.Template.Vector("VIDEO"))
}

// minVRAM is the minimum VRAM in KiB.
const minVRAM = 1024

var resolution = regexp.MustCompile(`^[0-9]+x[0-9]+$`)

func checkVideo(video *attr.Attr) error {
	kind := strings.ToLower(video.Get("TYPE"))
	switch kind {
	case "":
		return bad("Video TYPE is required")
	case "vga", "cirrus", "none", "virtio":
		video.Set("TYPE", kind)
	default:
		return bad("Invalid video TYPE, should be either: none, vga, cirrus, or virtio")
	}
	iommu, _ := video.Bool("IOMMU")
	ats, _ := video.Bool("ATS")
	if (iommu || ats) && kind != "virtio" {
		return bad("IOMMU and ATS are only available for virtio TYPE")
	}
	if vram, ok := video.Int("VRAM"); video.Get("VRAM") != "" && (!ok || vram < minVRAM) {
		return bad("Invalid VRAM value in VIDEO attribute, must be >= 1024")
	}
	if size := video.Get("RESOLUTION"); size != "" && !resolution.MatchString(size) {
		return bad("Invalid RESOLUTION string format")
	}
	return nil
}

// ByPort finds VMs by cluster and GRAPHICS/PORT.
var ByPort = store.NewIndex(func(v *VM) []string {
	port := v.Template.Vector("GRAPHICS").Get("PORT")
	if port == "" || len(v.History) == 0 || v.State == one.VMDone {
		return nil
	}
	return []string{portKey(clusterOf(v), port)}
})

// releasePort frees the port of a VM that has left its host. A stopped VM keeps it, as its
// checkpoint file contains the port.
func releasePort(v *VM) {
	gone := v.State == one.VMDone || v.State == one.VMUndeployed || v.LCM == one.LCMCleanupResubmit
	if g := v.Template.Vector("GRAPHICS"); g != nil && gone && len(v.History) > 0 {
		g.Del("PORT")
	}
}

func portKey(cluster int, port string) string { return strconv.Itoa(cluster) + " " + port }

// consolePort assigns a port that is unique in the cluster: the first port of the range plus the
// VM ID, or the next free one.
func consolePort(tx *store.Tx, s Settings, v *VM, cluster int) error {
	g := v.Template.Vector("GRAPHICS")
	if g == nil || lastAction(v) == one.ActionStop {
		return nil
	}
	if port := g.Get("PORT"); port != "" {
		if !portTaken(tx, v, cluster, port) {
			return nil
		}
		if len(v.History) == 0 {
			return one.Errorf(one.CodeAction, "Requested VNC port already assigned to a VM")
		} // a port from before the VM left its host; another VM may have it now
	}
	size := s.LastPort - s.FirstPort + 1
	for i := range max(size, 0) {
		port := strconv.Itoa(s.FirstPort + (v.ID+i)%size)
		if !portTaken(tx, v, cluster, port) {
			g.Set("PORT", port)
			return nil
		}
	}
	return one.Errorf(one.CodeAction, "No free VNC ports available in the cluster")
}

func portTaken(r store.Reader, v *VM, cluster int, port string) bool {
	for row := range ByPort.Find(r, portKey(cluster, port)) {
		if row.Val.ID != v.ID {
			return true
		}
	}
	return false
}
