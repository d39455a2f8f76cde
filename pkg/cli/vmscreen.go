package cli

import (
	"strings"

	"github.com/spf13/pflag"
)

// screenFlags are the options for GRAPHICS and VIDEO.
func screenFlags(f *pflag.FlagSet) {
	for _, kind := range []string{"vnc", "spice"} {
		title := strings.ToUpper(kind)
		f.Bool(kind, false, "add a "+title+" server")
		f.String(kind+"-listen", "0.0.0.0", "address the "+title+" server listens on")
		f.String(kind+"-password", "", "password of the "+title+" server")
		f.String(kind+"-keymap", "", "keyboard of the "+title+" server")
	}
	f.String("video", "", "video card: virtio, vga, cirrus or none")
	f.Bool("video-iommu", false, "the video card goes through the IOMMU")
	f.Bool("video-ats", false, "the video card translates addresses itself")
	f.String("video-vram", "", "memory of the video card, in KiB")
	f.String("video-resolution", "", "resolution of the video card, as 1280x720")
}

func (t *template) screens(in *input) {
	for _, kind := range []string{"vnc", "spice"} {
		if !in.bool(kind) {
			continue
		}
		lines := []string{"TYPE=" + quote(kind), "LISTEN=" + quote(in.text(kind+"-listen"))}
		for _, option := range [][2]string{{"password", "PASSWD"}, {"keymap", "KEYMAP"}} {
			if in.given(kind + "-" + option[0]) {
				lines = append(lines, option[1]+"="+quote(in.text(kind+"-"+option[0])))
			}
		}
		t.raw("GRAPHICS=[ " + strings.Join(lines, ", ") + " ]")
	}
	t.video(in)
}

func (t *template) video(in *input) {
	if !in.given("video") {
		return
	}
	lines := []string{"TYPE=" + quote(in.text("video"))}
	for _, option := range [][2]string{{"video-iommu", "IOMMU"}, {"video-ats", "ATS"}} {
		if in.bool(option[0]) {
			lines = append(lines, option[1]+`="YES"`)
		}
	}
	for _, option := range [][2]string{{"video-vram", "VRAM"}, {"video-resolution", "RESOLUTION"}} {
		if in.given(option[0]) {
			lines = append(lines, option[1]+"="+quote(in.text(option[0])))
		}
	}
	t.raw("VIDEO=[ " + strings.Join(lines, ", ") + " ]")
}
