package drivertest

import (
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
)

// tmBootFile copies a file, twice.
func tmBootFile(t *testing.T, x *tmTrial) {
	driver, can := x.Driver.(drivers.BootFiler)
	if !can {
		t.Skip("this driver brings no files to boot from")
	}
	source, _ := x.NewImage(t)
	for _, h := range []drivers.Host{x.Host, x.Other} {
		for _, round := range []string{"", ", repeated"} {
			if err := driver.BootFile(t.Context(), h, source, x.dir+"/"+drivers.KernelFile); err != nil {
				t.Errorf("BootFile to %s%s: %v", h.Name, round, err)
			}
		}
		if x.Exists != nil && !x.Exists(t, h, x.dir+"/"+drivers.KernelFile) {
			t.Errorf("there is no kernel on %s", h.Name)
		}
	}
	if x.Exists != nil && !x.Blind {
		if err := driver.BootFile(t.Context(), x.Host, source+".absent", x.dir+"/"+drivers.InitrdFile); err == nil {
			t.Error("a file that is not there was brought")
		}
	}
}
