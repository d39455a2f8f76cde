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

func pciTemplate(_ *session, in *input) (string, error) {
	var parts []string
	for _, option := range [][2]string{
		{"pci", "SHORT_ADDRESS"}, {"pci_device", "DEVICE"}, {"pci_class", "CLASS"}, {"pci_vendor", "VENDOR"},
	} {
		if in.given(option[0]) {
			parts = append(parts, option[1]+" = "+quote(in.text(option[0])))
		}
	}
	if len(parts) == 0 {
		return "", nil
	}
	return "PCI = [ " + strings.Join(parts, ", ") + " ]", nil
}
