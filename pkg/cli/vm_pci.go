package cli

import (
	"strings"

	"github.com/spf13/pflag"
)

func pciFlags(f *pflag.FlagSet) {
	f.String("pci", "", "address of the device, as 01:00.0")
	f.String("pci_device", "", "device ID, in hexadecimal")
	f.String("pci_class", "", "class ID, in hexadecimal")
	f.String("pci_vendor", "", "vendor ID, in hexadecimal")
}

// pciParts are the attributes of a PCI device from the options.
func pciParts(in *input) (parts []string) {
	for _, option := range [][2]string{
		{"pci", "SHORT_ADDRESS"}, {"pci_device", "DEVICE"}, {"pci_class", "CLASS"}, {"pci_vendor", "VENDOR"},
	} {
		if in.given(option[0]) {
			parts = append(parts, option[1]+" = "+quote(in.text(option[0])))
		}
	}
	return parts
}

func pciTemplate(_ *session, in *input) (string, error) {
	parts := pciParts(in)
	if len(parts) == 0 {
		return "", nil
	}
	return "PCI = [ " + strings.Join(parts, ", ") + " ]", nil
}
