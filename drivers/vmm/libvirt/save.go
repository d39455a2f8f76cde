package libvirt

import (
	"context"
	"fmt"
	"html"
	"regexp"
	"strings"

	lv "libvirt.org/go/libvirt"
	"libvirt.org/go/libvirtxml"

	"github.com/renkei-vpe/renkei/drivers"
)

// Save writes the memory of vm to file and ends it. If ctx ends first, that is aborted and the
// guest goes on.
func (h *hypervisor) Save(ctx context.Context, vm drivers.VM, file string) error {
	err := change(ctx, h, vm, func(c *lv.Connect) error {
		dom, err := find(c, vm)
		if err != nil {
			return err
		}
		defer free(dom)
		on, err := isActive(dom)
		if err != nil {
			return err
		}
		if on {
			defer abortWith(ctx, dom)()
			err = dom.SaveFlags(file, "", 0)
		} else {
			_, err = isSaved(c, vm, file)
		}
		if err != nil {
			return err
		}
		return undefine(dom)
	})
	if err != nil {
		return fmt.Errorf("saving VM %d on host %s: %w", vm.ID, h.host.Name, err)
	}
	return nil
}

// isSaved answers the XML of the domain in file, if it is vm's and complete: libvirt marks
// files when they are complete.
func isSaved(c *lv.Connect, vm drivers.VM, file string) (text string, err error) {
	text, err = c.DomainSaveImageGetXMLDesc(file, lv.DOMAIN_SAVE_IMAGE_XML_SECURE)
	if err != nil {
		return "", fmt.Errorf("domain %s does not run, and there is no saved memory of it: %w", nameOf(vm), plain(err))
	}
	var dom libvirtxml.Domain
	if err := dom.Unmarshal(text); err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	if dom.Name != nameOf(vm) {
		return "", fmt.Errorf("domain %s does not run, and %s is the memory of %s", nameOf(vm), file, dom.Name)
	}
	return text, nil
}

// diskFile matches the folder of a saved domain's disks.
var diskFile = regexp.MustCompile(`<source file='([^'<>]*)/disk\.[0-9]+'`)

// moved is the XML of a saved domain with its disks' present paths, "" if they have not
// changed: the VM may have been moved to another datastore.
func moved(text, dir string) string {
	m, dir := diskFile.FindStringSubmatch(text), html.EscapeString(dir)
	if m == nil || m[1] == dir {
		return ""
	}
	return strings.ReplaceAll(text, "'"+m[1]+"/", "'"+dir+"/")
}

// abortWith aborts a domain's job if ctx ends before the function that it answers is called.
// libvirt allows that from another thread.
func abortWith(ctx context.Context, dom *lv.Domain) (finish func()) {
	over, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-ctx.Done():
			_ = dom.AbortJob() // if it fails, the job ends by itself
		case <-over:
		}
	}()
	return func() {
		close(over)
		<-done
	}
}

// Restore resumes vm from file and deletes the file: a checkpoint that was used once does not
// match the disks any more.
func (h *hypervisor) Restore(ctx context.Context, vm drivers.VM, file string) (deployID string, err error) {
	deployID, err = operate(ctx, h, vm, func(c *lv.Connect) (string, error) { return restore(c, vm, file) })
	if err != nil {
		return "", fmt.Errorf("restoring VM %d on host %s: %w", vm.ID, h.host.Name, err)
	}
	if _, err := h.run(ctx, "rm", "-f", "--", file); err != nil {
		h.driver.settings.Log.Warn().Int("vm", vm.ID).Str("host", h.host.Name).Err(err).
			Msg("the file of the restored memory stays where it is")
	}
	return deployID, nil
}

func restore(c *lv.Connect, vm drivers.VM, file string) (string, error) {
	dom, err := find(c, vm)
	if err != nil {
		return "", err
	}
	on, err := isActive(dom)
	if err == nil && !on {
		free(dom)
		dom, err = wake(c, vm, file)
	}
	if err != nil {
		free(dom)
		return "", err
	}
	defer free(dom)
	return nameOf(vm), keep(c, dom)
}

func wake(c *lv.Connect, vm drivers.VM, file string) (*lv.Domain, error) {
	text, err := isSaved(c, vm, file)
	if err != nil {
		return nil, err
	}
	if err := c.DomainRestoreFlags(file, moved(text, vm.Dir), 0); err != nil {
		return nil, err
	}
	return c.LookupDomainByName(nameOf(vm))
}

// keep makes a running domain persistent, so that it can be seen when it powers itself off.
// Restored and migrated domains are transient at first.
func keep(c *lv.Connect, dom *lv.Domain) error {
	kept, err := dom.IsPersistent()
	if err != nil || kept {
		return err
	}
	text, err := dom.GetXMLDesc(lv.DOMAIN_XML_INACTIVE | lv.DOMAIN_XML_SECURE)
	if err != nil {
		return err
	}
	defined, err := c.DomainDefineXML(text)
	free(defined)
	return err
}
