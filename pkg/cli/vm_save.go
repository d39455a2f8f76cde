package cli

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// vmSave makes a VM template of a powered-off VM.
func vmSave() verb {
	return verb{
		name: "save", short: "Save a VM that is powered off as a template",
		long: `Copy the template that a VM was made from, with the VM's capacity and network
devices and with copies of its disks.`,
		args:  []arg{object, word("name")},
		flags: func(f *pflag.FlagSet) { f.Bool("persistent", false, "make the new images persistent") },
		run: func(s *session, in *input) error {
			vm, _, err := s.read(in.noun.infoRequest(in.id()))
			if err != nil {
				return err
			}
			id, err := s.saveTemplate(vm, in.word(1), "", in.bool("persistent"))
			if err != nil {
				return err
			}
			fmt.Fprintf(s.out, "Template ID: %d\n", id)
			s.tell(in.noun, in.id(), "Saving VM")
			return nil
		},
	}
}

// saved is a template that is being made, with its new images.
type saved struct {
	session    *session
	vm         int
	name       string
	persistent bool
	images     []int
}

// saveTemplate makes a VM template. If anything fails, what was made is deleted.
func (s *session) saveTemplate(vm *node, name, description string, persistent bool) (int, error) {
	source := vm.get("TEMPLATE/TEMPLATE_ID")
	if source == "" {
		return 0, sayf("VM has no associated template")
	}
	if vmState(vm) != one.VMPoweroff {
		return 0, sayf("VM must be POWEROFF")
	}
	answer, err := s.call(call("one.template.clone", int(vm.int("TEMPLATE/TEMPLATE_ID")), name, false))
	if err != nil {
		return 0, err
	}
	work := &saved{session: s, vm: int(vm.int("ID")), name: name, persistent: persistent}
	text, err := work.template(vm, description, source)
	if err == nil {
		_, err = s.call(call("one.template.update", answer.ID, text, 1))
	}
	if err != nil {
		return 0, errors.Join(err, work.undo(answer.ID))
	}
	return answer.ID, nil
}

func (w *saved) undo(template int) error {
	_, err := w.session.call(call("one.template.delete", template, false))
	return errors.Join(err, export{session: w.session}.remove(w.images))
}

// template is what differs between the VM and the template it was made from.
func (w *saved) template(vm *node, description, source string) (string, error) {
	var t template
	t.attribute("DESCRIPTION", description)
	for _, name := range []string{"CPU", "VCPU", "MEMORY"} {
		t.plain(name, vm.get("TEMPLATE/"+name))
	}
	for _, disk := range vm.all("TEMPLATE/DISK") {
		text, err := w.disk(disk)
		if err != nil {
			return "", err
		}
		t.raw(text)
	}
	for _, nic := range vm.all("TEMPLATE/NIC") {
		t.raw("NIC = [ " + strings.Join(pairs(nic.without(placedNIC()...).kids), ",\n") + " ]")
	}
	t.plain("SAVED_TEMPLATE_ID", source)
	return t.text.String(), nil
}

// placedNIC are the attributes of a NIC that belong to this VM only.
func placedNIC() []string {
	return strings.Fields("AR_ID BRIDGE CLUSTER_ID IP MAC TARGET NIC_ID NETWORK_ID VN_MAD SECURITY_GROUPS VLAN_ID BRIDGE_TYPE")
}

// placedDisk are those of a disk.
func placedDisk() []string {
	return strings.Fields(`DEV_PREFIX SOURCE DRIVER FORMAT ORIGINAL_SIZE DISK_SNAPSHOT_TOTAL_SIZE IMAGE_STATE SAVE CLONE
		READONLY PERSISTENT TARGET ALLOW_ORPHANS CLONE_TARGET CLUSTER_ID DATASTORE DATASTORE_ID DISK_ID DISK_TYPE IMAGE_ID
		IMAGE IMAGE_UNAME IMAGE_UID LN_TARGET TM_MAD TM_MAD_SYSTEM OPENNEBULA_MANAGED PERSISTENT_SNAPSHOTS`)
}

func (w *saved) disk(disk *node) (string, error) {
	rest := disk.without(placedDisk()...)
	image := disk.get("IMAGE_ID")
	switch {
	case image == "": // volatile disks are described as they are
		return "DISK = [ " + strings.Join(pairs(rest.kids), ",\n") + " ]", nil
	case disk.get("TYPE") == "CDROM":
		text := "DISK = [ IMAGE_ID = " + image
		if managed := disk.get("OPENNEBULA_MANAGED"); managed != "" {
			text += ", OPENNEBULA_MANAGED = " + managed
		}
		return text + " ]", nil
	}
	id, err := w.copyDisk(disk)
	words := append([]string{fmt.Sprintf("IMAGE_ID = %d", id)}, pairs(rest.without("SIZE", "TYPE").kids)...)
	return "DISK = [ " + strings.Join(words, ",\n") + " ]", err
}

// copyDisk saves a disk as an image, when the VM's previous operation has ended.
func (w *saved) copyDisk(disk *node) (int, error) {
	if err := w.settle(); err != nil {
		return 0, err
	}
	name := w.name + "-disk-" + disk.get("DISK_ID")
	answer, err := w.session.call(call("one.vm.disksaveas", w.vm, int(disk.int("DISK_ID")), name, "", -1))
	if err != nil {
		return 0, err
	}
	w.images = append(w.images, answer.ID)
	if w.persistent {
		_, err = w.session.call(call("one.image.persistent", answer.ID, true))
	}
	return answer.ID, err
}

// settleWithin is how long an operation on a VM may take.
const settleWithin = 10 * time.Minute

// settle waits until the VM is in POWEROFF again.
func (w *saved) settle() error {
	ctx, cancel := withLimit(w.session.ctx, settleWithin)
	defer cancel()
	return waitFor(ctx, one.VMPoweroff.String(), func() (*node, error) {
		vm, _, err := w.session.read(call("one.vm.info", w.vm, false))
		return vm, err
	})
}
