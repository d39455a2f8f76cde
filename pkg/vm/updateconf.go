package vm

import (
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// configurable are the vectors and keys that one.vm.updateconf may change, besides CONTEXT and
// BACKUP_CONFIG (VirtualMachineTemplate::UPDATECONF_ATTRS).
var configurable = []confPart{
	{"OS", []string{"ARCH", "MACHINE", "KERNEL", "INITRD", "BOOTLOADER", "BOOT", "KERNEL_CMD", "ROOT",
		"SD_DISK_BUS", "UUID", "FIRMWARE", "FIRMWARE_FORMAT"}},
	{"FEATURES", []string{"PAE", "ACPI", "APIC", "LOCALTIME", "HYPERV", "GUEST_AGENT", "VIRTIO_SCSI_QUEUES",
		"VIRTIO_BLK_QUEUES", "IOTHREADS", "GIC", "RAS", "MIGRATE_AUTO_CONVERGE", "MIGRATE_COMPRESSED"}},
	{"INPUT", []string{"TYPE", "BUS"}},
	{"GRAPHICS", []string{"TYPE", "LISTEN", "PASSWD", "KEYMAP", "COMMAND"}},
	{"VIDEO", []string{"IOMMU", "ATS", "TYPE", "VRAM", "RESOLUTION"}},
	{"RAW", []string{"TYPE", "DATA", "VALIDATE", "DATA_VMX"}},
	{"CPU_MODEL", []string{"MODEL", "FEATURES"}},
}

// confPart is a vector and its keys.
type confPart struct {
	name string
	keys []string
}

// UpdateConf serves one.vm.updateconf. It replaces the configuration or merges into it. If the
// context of a running VM changes, the guest gets the new one.
func UpdateConf(tx *store.Tx, s Settings, c *one.Caller, id int, t attr.Template, appendTo bool) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if err := checkConf(s, c, v, t); err != nil {
		return err
	}
	if err := allowed(v, lifecycle.UpdateConf); err != nil {
		return bad("%v", err)
	}
	if err := CheckRaw(s, t); err != nil {
		return err
	}
	for _, part := range configurable {
		configure(v, t.Vector(part.name), part.name, part.keys, appendTo)
	}
	if err := checkParts(tx, s, v); err != nil {
		return err
	}
	changed, err := configureContext(tx, s, v, t.Vector("CONTEXT"), appendTo)
	if err != nil {
		return err
	}
	if err := configureBackup(v, t.Vector("BACKUP_CONFIG"), appendTo); err != nil {
		return err
	}
	if g := v.Template.Vector("GRAPHICS"); g != nil && g.Get("PORT") == "" && v.Status().Holds().Host {
		if err := consolePort(tx, s, v, clusterOf(v)); err != nil {
			return bad("%v", err)
		}
		changed = true
	}
	if v.LCM != one.LCMRunning || !changed {
		return put(tx, v, checked)
	}
	return Fire(tx, s, v, lifecycle.UpdateConf, Cause{By: c})
}

// checkConf refuses restricted attributes.
func checkConf(s Settings, c *one.Caller, v *VM, t attr.Template) error {
	var parts attr.Template
	for _, a := range t {
		if a.Name == "CONTEXT" || a.Name == "BACKUP_CONFIG" || slices.ContainsFunc(configurable, func(p confPart) bool { return p.name == a.Name }) {
			parts.Add(a.Clone())
		}
	}
	return CheckAdded(s, c, "Template", v.Template, parts)
}

// configure changes one vector. Empty values and unknown keys are ignored.
func configure(v *VM, given *attr.Attr, name string, keys []string, appendTo bool) {
	old := v.Template.Vector(name)
	if !slices.ContainsFunc(keys, func(key string) bool { return given.Get(key) != "" }) {
		if !appendTo {
			v.Template.Del(name)
		}
		return
	}
	if old == nil {
		v.Template.SetVector(name)
		old = v.Template.Vector(name)
	}
	for _, key := range keys {
		if value, said := given.Lookup(key); said && value != "" {
			old.Set(key, value)
		} else if !appendTo {
			old.Del(key)
		}
	}
}

// checkParts validates the result of configure.
func checkParts(tx *store.Tx, s Settings, v *VM) error {
	if err := bootOrder(tx, s, v); err != nil {
		return err
	}
	if f := v.Template.Vector("FEATURES"); f != nil {
		if err := normalizeFeatures(f); err != nil {
			return err
		}
	}
	if g := v.Template.Vector("GRAPHICS"); g != nil {
		if err := checkGraphics(g); err != nil {
			return err
		}
	}
	if video := v.Template.Vector("VIDEO"); video != nil {
		return checkVideo(video)
	}
	return nil
}

// configureContext replaces CONTEXT or merges into it, and tells whether it has changed. DISK_ID
// and TARGET are kept.
func configureContext(tx *store.Tx, s Settings, v *VM, given *attr.Attr, appendTo bool) (bool, error) {
	s.Secrets.Open(Kind.Table.Name(), v) // plain text is needed to compare and to replace variables
	old := v.Template.Vector("CONTEXT")
	if given == nil {
		return false, nil
	}
	if old == nil {
		return false, bad("Virtual machine does not have context, cannot add a new one.")
	}
	before, fresh := old.Clone(), given.Clone()
	if err := keepEthernets(s, &before, &fresh); err != nil {
		return false, err
	}
	manual := ethernetsOf(&fresh)
	same := unchanged(&before, &fresh, appendTo)
	fresh.Set("TARGET", before.Get("TARGET"))
	fresh.Set("DISK_ID", before.Get("DISK_ID"))
	v.Template.Del("CONTEXT")
	v.Template.Add(fresh)
	if err := completeContext(tx, s, v, v.nics()); err != nil {
		return false, err
	}
	now := v.Template.Vector("CONTEXT")
	for _, p := range slices.Concat(manual, same) {
		now.Set(p.Key, p.Value)
	}
	if appendTo {
		now.Merge(&before, false)
	}
	return !now.Equal(&before), nil
}

// unchanged removes from a new CONTEXT the pairs that are equal to the old ones, and returns
// them: their variables have already been replaced and must not be replaced again. NETWORK is not
// removed if CONTEXT is replaced, so that the ETH variables are added again.
func unchanged(before, fresh *attr.Attr, appendTo bool) (same []attr.Pair) {
	for _, p := range slices.Clone(fresh.Vector) {
		old, there := before.Lookup(p.Key)
		if !there || old != p.Value || p.Key == "NETWORK" && !appendTo {
			continue
		}
		same = append(same, p)
		fresh.Del(p.Key)
	}
	return same
}

// keepEthernets refuses changes of ETH variables, unless CONTEXT_ALLOW_ETH_UPDATES is set.
func keepEthernets(s Settings, before, fresh *attr.Attr) error {
	if s.AllowETHUpdates {
		return nil
	}
	for _, p := range ethernetsOf(fresh) {
		old, there := before.Lookup(p.Key)
		switch {
		case !there:
			return bad("Unable to add %s, update NIC to update network context", p.Key)
		case old != p.Value:
			return bad("Unable to update %s, update NIC to update network context", p.Key)
		}
	}
	return nil
}

// ethernetsOf lists the pairs with keys such as ETH0_IP.
func ethernetsOf(c *attr.Attr) []attr.Pair {
	return slices.DeleteFunc(slices.Clone(c.Vector), func(p attr.Pair) bool {
		digits, isETH := strings.CutPrefix(p.Key, "ETH")
		number, _, cut := strings.Cut(digits, "_")
		return !isETH || !cut || number == "" || strings.Trim(number, "0123456789") != ""
	})
}
