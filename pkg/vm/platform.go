package vm

import (
	"crypto/rand"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// parseOS moves OS to TEMPLATE, resolves kernel and ramdisk images, and adds a UUID and a machine
// type.
func parseOS(tx *store.Tx, s Settings, v *VM) error {
	if len(v.User.Named("OS")) > 1 {
		return bad("Only one OS attribute can be defined.")
	}
	if os := v.User.Named("OS"); len(os) == 1 && !os[0].IsVector {
		return bad("Internal error parsing OS attribute.")
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

// uuid generates a random UUID (RFC 9562, version 4).
func uuid() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// hasSATA tells whether the machine type has SATA instead of IDE.
func hasSATA(v *VM) bool {
	m := v.Template.Vector("OS").Get("MACHINE")
	return strings.Contains(m, "q35") || strings.Contains(m, "virt")
}

// parseFeatures moves all FEATURES to TEMPLATE. It normalizes only the first, which is the one
// that counts.
func parseFeatures(_ *store.Tx, _ Settings, v *VM) error {
	f := v.User.Vector("FEATURES")
	if f == nil {
		return nil
	}
	if err := normalizeFeatures(f); err != nil {
		return err
	}
	claim(v, "FEATURES")
	return nil
}

func normalizeFeatures(f *attr.Attr) error {
	for _, name := range []string{
		"PAE", "ACPI", "APIC", "HYPERV", "LOCALTIME", "GUEST_AGENT", "RAS", "MIGRATE_COMPRESSED",
	} {
		if on, said := f.Bool(name); said {
			f.Set(name, attr.YesNo(on))
		}
	}
	if gic := f.Get("GIC"); gic != "" && gic != "2" && gic != "3" {
		f.Set("GIC", "host")
	}
	return normalizeConvergence(f)
}

// normalizeConvergence validates MIGRATE_AUTO_CONVERGE: an initial rate and an increment in
// percent.
func normalizeConvergence(f *attr.Attr) error {
	rate := f.Get("MIGRATE_AUTO_CONVERGE")
	if rate == "" {
		return nil
	}
	parts := strings.Split(rate, ",")
	malformed := len(parts) > 2
	for i, part := range parts {
		parts[i] = strings.TrimSpace(part)
		malformed = malformed || parts[i] == "" || strings.Trim(parts[i], "0123456789") != ""
	}
	if malformed {
		return bad(`Wrong FEATURES/MIGRATE_AUTO_CONVERGE value: "%s". Expected initial[,increment]`, rate)
	}
	for _, part := range parts {
		if n, err := strconv.Atoi(part); err != nil || n > 100 {
			return bad(`Wrong FEATURES/MIGRATE_AUTO_CONVERGE value: "%s". Initial and increment values must be between 0 and 100`, rate)
		}
	}
	f.Set("MIGRATE_AUTO_CONVERGE", strings.Join(parts, ","))
	return nil
}

// parsePlatform validates IOMMU, TPM, MEMORY_ENCRYPTION, CPU_MODEL and RAW, and moves them to
// TEMPLATE.
func parsePlatform(_ *store.Tx, s Settings, v *VM) error {
	if err := parseIOMMU(v); err != nil {
		return err
	}
	for _, part := range []confPart{{"TPM", []string{"MODEL"}}, {"MEMORY_ENCRYPTION", []string{"TYPE"}}} {
		for _, a := range claimVectors(v, part.name) {
			for _, key := range part.keys {
				if a.Get(key) == "" {
					return bad("%s attribute is missing required key: %s", part.name, key)
				}
			}
		}
	}
	claimVectors(v, "CPU_MODEL")
	keepFirst(v, "CPU_MODEL")
	return CheckRaw(s, v.Template)
}

// CheckRaw refuses a RAW whose TYPE is not the name of a configured hypervisor driver.
func CheckRaw(s Settings, t attr.Template) error {
	raw := t.Vector("RAW")
	if raw == nil {
		return nil
	}
	if check, said := raw.Bool("VALIDATE"); said && !check {
		return nil
	}
	if _, known := s.Drivers[strings.ToLower(raw.Get("TYPE"))]; !known {
		return bad("Invalid RAW section: unsupported TYPE")
	}
	return nil
}

// optionsOfIOMMU are the names that IOMMU/OPTIONS may contain.
var optionsOfIOMMU = []string{
	"intremap", "caching_mode", "eim", "iotlb", "aw_bits", "dma_translation", "passthrough",
	"xtsup", "oas", "pasid", "ril", "ats", "accel", "cmdqv",
}

var optionOfIOMMU = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_-]*)=([^\s<>&'"=]+)$`)

// parseIOMMU validates IOMMU and moves the first one to TEMPLATE.
func parseIOMMU(v *VM) error {
	if len(claimVectors(v, "IOMMU")) == 0 {
		return nil
	}
	keepFirst(v, "IOMMU")
	iommu := v.Template.Vector("IOMMU")
	model, mode := strings.ToLower(iommu.Get("MODEL")), strings.ToLower(iommu.Get("MODE"))
	switch {
	case !slices.Contains([]string{"intel", "virtio", "smmuv3", "amd"}, model):
		return bad("Unknown IOMMU model; must be intel, virtio, smmuv3 or amd")
	case model == "smmuv3" && v.Template.Vector("OS").Get("ARCH") != "aarch64":
		return bad("IOMMU model smmuv3 requires ARM guests")
	case !hasSATA(v):
		return bad("IOMMU device requires a Q35/virt guest")
	case mode != "single" && mode != "device":
		return bad("Unknown IOMMU mode; must be single or device")
	}
	iommu.Set("MODEL", model)
	iommu.Set("MODE", mode)
	for _, option := range strings.Fields(iommu.Get("OPTIONS")) {
		m := optionOfIOMMU.FindStringSubmatch(option)
		if m == nil || !slices.Contains(optionsOfIOMMU, m[1]) {
			return bad("Parse error in IOMMU options")
		}
	}
	return nil
}

// parsePCI moves PCI devices to TEMPLATE and numbers them.
func parsePCI(_ *store.Tx, s Settings, v *VM) error {
	for i, pci := range claimVectors(v, "PCI") {
		pci.Set("PCI_ID", strconv.Itoa(i))
		if err := completePCI(s, pci); err != nil {
			return err
		}
	}
	return nil
}
