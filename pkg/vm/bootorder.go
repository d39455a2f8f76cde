package vm

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// bootOrder sets ORDER of the devices in OS/BOOT, such as "disk0,nic1", and deletes that of all
// others.
func bootOrder(_ *store.Tx, _ Settings, v *VM) error {
	for _, list := range [][]*attr.Attr{v.Template.Vectors("DISK"), v.Template.Vectors("NIC")} {
		for _, device := range list {
			device.Del("ORDER")
		}
	}
	order := v.Template.Vector("OS").Get("BOOT")
	if order == "" {
		return nil
	}
	for i, word := range strings.Split(order, ",") {
		device, err := bootDevice(v, strings.ToUpper(word), order)
		if err != nil {
			return err
		}
		device.Set("ORDER", strconv.Itoa(i+1))
	}
	return nil
}

// bootDevice finds the device for a word of OS/BOOT.
func bootDevice(v *VM, word, order string) (*attr.Attr, error) {
	for _, kind := range [...]struct{ word, name, key string }{{"DISK", "DISK", "DISK_ID"}, {"NIC", "NIC", "NIC_ID"}} {
		digits, ok := strings.CutPrefix(word, kind.word)
		if !ok {
			continue
		}
		id, err := strconv.ParseUint(digits, 10, 31)
		if err != nil {
			break
		}
		if device := byID(v.Template.Vectors(kind.name), kind.key, int(id)); device != nil {
			return device, nil
		}
		return nil, bad("Wrong OS/BOOT value. Device with %s %d not found", kind.key, id)
	}
	return nil, bad(`Wrong OS/BOOT value: "%s" should be a comma-separated list of disk# or nic#`, order)
}
