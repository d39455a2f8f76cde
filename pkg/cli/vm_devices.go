package cli

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/pflag"
)

// vmDeviceVerbs change a VM's devices, capacity and configuration.
func vmDeviceVerbs() []verb {
	return []verb{
		fromOptions("disk-attach", "Attaching disk", "Attach a disk", "one.vm.attach", diskFlags, diskTemplate),
		callWith("disk-detach", "Detaching disk", "Detach a disk", "one.vm.detach", number("disk id")),
		vmDiskSaveas(),
		vmDiskResize(),
		fromOptions("nic-attach", "Attaching NIC", "Attach a network device", "one.vm.attachnic", nicFlags, nicTemplate),
		callWith("nic-detach", "Detaching NIC", "Detach a network device", "one.vm.detachnic", nicPart()),
		updateVerb("nic-update", "Updating VM NIC", "Change a network device",
			func(in *input, id int, text string) request {
				return call("one.vm.updatenic", id, in.number(1, -1), wrapped("NIC", text), appendMode(in))
			}, currentNIC, nicPart()),
		callWith("sg-attach", "Attaching SG", "Put a network device into a security group", "one.vm.attachsg", nicPart(), number("security group id")),
		callWith("sg-detach", "Detaching SG", "Take a network device out of a security group", "one.vm.detachsg", nicPart(), number("security group id")),
		vmResize(),
		vmUpdateconf(),
		vmBackupMode(),
		fromOptions("pci-attach", "Attaching PCI device", "Attach a PCI device", "one.vm.attachpci", pciFlags, pciTemplate),
		callWith("pci-detach", "Detaching PCI", "Detach a PCI device", "one.vm.detachpci", number("pci id")),
		vmSave(),
	}
}

// fromOptions is a verb that sends a template: of a file, from options, or from standard input.
func fromOptions(name, done, short, method string, flags func(*pflag.FlagSet), build func(*session, *input) (string, error)) verb {
	return verb{
		name: name, short: short, args: []arg{object},
		flags: func(f *pflag.FlagSet) {
			f.StringP("file", "f", "", "file with the template")
			flags(f)
		},
		run: func(s *session, in *input) error {
			text, err := s.described(in, build)
			if err != nil {
				return err
			}
			if _, err := s.call(call(method, in.id(), text)); err != nil {
				return err
			}
			s.tell(in.noun, in.id(), done)
			return nil
		},
	}
}

func (s *session) described(in *input, build func(*session, *input) (string, error)) (string, error) {
	if in.given("file") {
		return readFile(in.text("file"))
	}
	text, err := build(s, in)
	if text != "" || err != nil {
		return text, err
	}
	if text, err = piped(s.io.In); text == "" && err == nil {
		err = nothingDescribed(in)
	}
	return text, err
}

// nothingDescribed is the error if none of the options that name an image or network was given.
func nothingDescribed(in *input) error {
	switch {
	case in.noun.element == "VROUTER":
		return sayf("Provide a template or a network:\n\t--file    <file>\n\t--network <network>")
	case in.flags.Lookup("network") != nil:
		return sayf("Provide a network or a template:\n\t--file    <file>\n\t--network <network>")
	case in.flags.Lookup("image") != nil:
		return sayf("Provide a template or an image:\n\t--file  <file>\n\t--image <image>")
	case in.flags.Lookup("pci") != nil:
		return sayf("Provide a PCI description file with --file or the relevant pci options:")
	}
	return errors.New("no template: give one with --file or on the input, or options (see --help)")
}

// option is the ID of an object given by an option, or a default.
func (s *session) option(in *input, flag, element string, absent int) (int, error) {
	if !in.given(flag) {
		return absent, nil
	}
	return s.find(nounOf(element), in.text(flag))
}

func diskFlags(f *pflag.FlagSet) {
	f.StringP("image", "i", "", "image to attach, by ID or name")
	f.StringP("target", "t", "", "device in the guest, such as vdb")
	f.String("prefix", "", "prefix of the device, such as vd")
	f.String("cache", "", "cache mode of the hypervisor")
	f.String("discard", "", "discard mode of the hypervisor")
}

func diskTemplate(s *session, in *input) (string, error) {
	if !in.given("image") {
		return "", nil
	}
	image, err := s.option(in, "image", "IMAGE", -1)
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("DISK = [ IMAGE_ID = %d", image)
	for _, part := range [][2]string{{"target", "TARGET"}, {"prefix", "DEV_PREFIX"}, {"cache", "CACHE"}, {"discard", "DISCARD"}} {
		if in.given(part[0]) {
			text += ", " + part[1] + " = " + quote(in.text(part[0]))
		}
	}
	return text + " ]", nil
}

func nicFlags(f *pflag.FlagSet) {
	f.StringP("network", "n", "", "network to attach to, by ID or name")
	f.StringP("ip", "i", "", "address to ask for")
	f.StringP("alias", "a", "", "make it an alias of this device")
	f.String("nic_name", "", "name of the device")
	pciFlags(f)
}

func nicTemplate(s *session, in *input) (string, error) {
	if !in.given("network") {
		return "", nil
	}
	network, err := s.option(in, "network", "VNET", -1)
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("NIC = [ NETWORK_ID = %d", network)
	if parts := pciParts(in); len(parts) > 0 {
		text = fmt.Sprintf("PCI = [ TYPE = NIC, NETWORK_ID = %d, %s", network, strings.Join(parts, ", "))
	} else if in.given("alias") {
		text = fmt.Sprintf("NIC_ALIAS = [ PARENT = %s, NETWORK_ID = %d", quote(in.text("alias")), network)
	}
	if in.given("ip") {
		text += ", IP = " + quote(in.text("ip"))
	}
	if in.given("nic_name") {
		text += ", NAME = " + quote(in.text("nic_name"))
	}
	return text + " ]", nil
}

func vmDiskSaveas() verb {
	v := action("disk-saveas", "", "Save a disk as a new image", nil, number("disk id"), word("image name")).
		with(func(f *pflag.FlagSet) {
			f.StringP("type", "t", "", "type of the image")
			f.StringP("snapshot", "s", "", "snapshot of the disk to save, by ID or name")
		})
	return v.single().running(func(s *session, in *input) error {
		snapshot := -1
		if in.given("snapshot") {
			var err error
			if snapshot, err = s.findPart(in, *diskSnapshotPart().part, in.text("snapshot")); err != nil {
				return err
			}
		}
		answer, err := s.call(call("one.vm.disksaveas", in.id(), in.number(1, -1), in.word(2), in.text("type"), snapshot))
		if err == nil {
			fmt.Fprintf(s.out, "Image ID: %d\n", answer.ID)
		}
		return err
	})
}

func vmDiskResize() verb {
	return action("disk-resize", "resizing disk", "Make a disk larger",
		func(in *input, id int) (request, error) {
			mib, err := mebibytes(in.word(2), math.Ceil)
			return call("one.vm.diskresize", id, in.number(1, -1), itoa(mib)), err
		}, number("disk id"), word("size")).single()
}

func vmResize() verb {
	v := fromOptions("resize", "Resizing VM", "Change CPU and memory", "", func(f *pflag.FlagSet) {
		f.String("cpu", "", "share of CPU")
		f.String("vcpu", "", "number of virtual CPUs")
		f.String("memory", "", "memory in MiB, or with a g behind it in GiB")
		enforceFlag(f)
	}, nil)
	return v.running(func(s *session, in *input) error {
		text, err := s.described(in, func(_ *session, in *input) (string, error) {
			var t template
			err := t.capacity(in)
			return t.text.String(), err
		})
		if err != nil {
			return err
		}
		if _, err := s.call(call("one.vm.resize", in.id(), text, in.bool("enforce"))); err != nil {
			return err
		}
		s.tell(in.noun, in.id(), "Resizing VM")
		return nil
	})
}

// confParts are the parts of a VM's template that updateconf may change.
func confParts() []string {
	return []string{"OS", "FEATURES", "INPUT", "GRAPHICS", "VIDEO", "RAW", "CONTEXT", "CPU_MODEL"}
}

func vmUpdateconf() verb {
	return updateVerb("updateconf", "Updating VM configuration", "Change the configuration of a VM",
		func(in *input, id int, text string) request {
			return call("one.vm.updateconf", id, text, appendMode(in))
		}, vmConf)
}

func vmConf(_ *input, vm *node) string {
	conf := &node{}
	for _, name := range confParts() {
		conf.kids = append(conf.kids, vm.all("TEMPLATE/"+name)...)
	}
	conf.kids = append(conf.kids, vm.all("BACKUPS/BACKUP_CONFIG")...)
	return templateText(conf)
}

func currentNIC(in *input, vm *node) string {
	for _, nic := range vm.all("TEMPLATE/NIC") {
		if int(nic.int("NIC_ID")) == in.number(1, -1) {
			return templateText(nic)
		}
	}
	return ""
}
