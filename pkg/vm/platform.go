package vm

import (
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// parseOS claims OS and completes it: kernel and ramdisk from file datastores,
// a UUID, the machine type.
func parseOS(tx *store.Tx, s Settings, v *VM) error {
	if len(v.User.Named("OS")) > 1 {
		return bad("Only one OS attribute can be defined.")
	}
	if len(claimVectors(v, "OS")) == 0 {
		v.Template.SetVector("OS")
	}
	os := v.Template.Vector("OS")
	if err := bootFile(tx, v, os, "KERNEL", one.ImageTypeKernel); err != nil {
		return err
	}
	if err := bootFile(tx, v, os, "INITRD", one.ImageTypeRamdisk); err != nil {
		return err
	}
	if os.Get("UUID") == "" {
		os.Set("UUID", uuid())
	}
	if os.Get("MACHINE") == "" && s.Machine != "" {
		os.Set("MACHINE", s.Machine)
	}
	return nil
}

// uuid draws a random UUID (RFC 9562, version 4).
func uuid() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// hasSATA tells machine types whose CD-ROMs are on SATA: they have no IDE.
func hasSATA(v *VM) bool {
	m := v.Template.Vector("OS").Get("MACHINE")
	return strings.Contains(m, "q35") || strings.Contains(m, "virt")
}

// parseFeatures claims FEATURES; what is yes or no is kept as YES or NO.
func parseFeatures(_ *store.Tx, _ Settings, v *VM) error {
	for _, f := range claimVectors(v, "FEATURES") {
		if err := normalizeFeatures(f); err != nil {
			return err
		}
	}
	return nil
}

func normalizeFeatures(f *attr.Attr) error {
	for _, name := range []string{
		"PAE", "ACPI", "APIC", "HYPERV", "LOCALTIME", "GUEST_AGENT", "RAS", "MIGRATE_COMPRESSED",
	} {
		if on, said := f.Bool(name); said {
			f.Set(name, yesNo(on))
		}
	}
	if gic := f.Get("GIC"); gic != "" && gic != "2" && gic != "3" {
		f.Set("GIC", "host")
	}
	rate := f.Get("MIGRATE_AUTO_CONVERGE")
	if rate == "" {
		return nil
	}
	for i, part := range strings.Split(rate, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 0 || n > 100 || i > 1 {
			return bad(`Wrong FEATURES/MIGRATE_AUTO_CONVERGE value: "%s". Expected initial[,increment]`, rate)
		}
	}
	return nil
}

// parsePlatform claims the parts of the machine that need few checks.
func parsePlatform(_ *store.Tx, _ Settings, v *VM) error {
	claim(v, "TPM", "MEMORY_ENCRYPTION", "IOMMU")
	for _, m := range claimVectors(v, "CPU_MODEL") {
		if m.Get("MODEL") == "" && !m.Has("FEATURES") {
			v.Template.Del("CPU_MODEL")
			break
		}
	}
	return nil
}

// parsePCI claims PCI devices and numbers them.
func parsePCI(_ *store.Tx, _ Settings, v *VM) error {
	for i, pci := range claimVectors(v, "PCI") {
		pci.Set("PCI_ID", strconv.Itoa(i))
		if err := checkPCI(pci); err != nil {
			return err
		}
	}
	return nil
}
