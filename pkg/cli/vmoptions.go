package cli

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/spf13/pflag"
)

// vmOptions are the options that describe a VM.
func vmOptions() templateOptions { return templateOptions{flags: vmFlags, build: vmTemplate} }

func vmFlags(f *pflag.FlagSet) {
	f.String("name", "", "name of the VM")
	vmDeviceFlags(f)
}

// vmDeviceFlags are these options without --name, which has another meaning for instantiate.
func vmDeviceFlags(f *pflag.FlagSet) {
	f.String("cpu", "", "share of CPU, 1 for one whole CPU")
	f.String("vcpu", "", "number of virtual CPUs")
	f.String("memory", "", "memory in MiB, or with a g behind it in GiB")
	f.String("arch", "", "architecture, such as x86_64")
	f.String("boot", "", "boot devices, such as disk0,nic0")
	listFlag(f, "disk", "", "images to attach, as image, user[image] or image:size=1000:target=vda")
	listFlag(f, "nic", "", "networks to attach, as network, user[network], network:ip=10.0.0.5 or auto")
	f.String("raw", "", "text to add to the template")
	f.String("as_uid", "", "ID of the user to create it as")
	f.String("as_gid", "", "ID of the group to create it as")
	screenFlags(f)
	f.String("ssh", "", "file with a public key for the guest; without a file, that of the user")
	f.Lookup("ssh").NoOptDefVal = userKey
	f.Bool("net_context", false, "configure the network in the guest")
	listFlag(f, "context", "", "lines of the context section")
	listFlag(f, "files_ds", "", "files from a file datastore for the context")
	listFlag(f, "init", "", "scripts to start in the guest")
	f.String("startscript", "", "file with a script to run in the guest")
	f.Bool("report_ready", false, "let the guest report READY=YES")
}

// userKey refers to the key in the user's template.
const userKey = "$USER[SSH_PUBLIC_KEY]"

func vmTemplate(in *input) (string, error) {
	var t template
	t.attribute("NAME", in.text("name"))
	text, err := instanceOptions(in)
	return t.text.String() + text, err
}

// instanceOptions is the template from the options without --name.
func instanceOptions(in *input) (string, error) {
	var t template
	t.vector("OS", in, map[string]string{"arch": "ARCH", "boot": "BOOT"}, "arch", "boot")
	if err := t.capacity(in); err != nil {
		return "", err
	}
	t.raw(in.text("raw"))
	t.plain("AS_UID", in.text("as_uid"))
	t.plain("AS_GID", in.text("as_gid"))
	if err := t.devices(in.list("disk"), "DISK", "IMAGE"); err != nil {
		return "", err
	}
	if err := t.devices(in.list("nic"), "NIC", "NETWORK"); err != nil {
		return "", err
	}
	t.screens(in)
	err := t.context(in)
	return t.text.String(), err
}

func (t *template) capacity(in *input) error {
	t.plain("CPU", in.text("cpu"))
	t.plain("VCPU", in.text("vcpu"))
	if !in.given("memory") {
		return nil
	}
	mib, err := mebibytes(in.text("memory"), math.Floor)
	if err != nil {
		return fmt.Errorf("--memory: %w", err)
	}
	t.plain("MEMORY", itoa(mib))
	return nil
}

// deviceForm matches user[image] and image.
var deviceForm = regexp.MustCompile(`^([^\[]+)(?:\[([^\]]+)\])?$`)

// devices adds a DISK or NIC for each value of an option. what is the attribute that names the
// image or network.
func (t *template) devices(words []string, section, what string) error {
	for _, word := range words {
		name, extra := splitDevice(word)
		parts := deviceForm.FindStringSubmatch(name)
		if parts == nil {
			return fmt.Errorf("%s %q malformed: write image, user[image] or image:size=1000", strings.ToLower(section), name)
		}
		var user, object string = "", parts[1]
		if parts[2] != "" {
			user, object = parts[1], parts[2]
		}
		t.text.WriteString(section + "=[\n  " + strings.Join(deviceLines(what, section, user, object, extra), ",\n  ") + "\n]\n")
	}
	return nil
}

// splitDevice splits a value such as net:ip=10.0.0.5:mac=02:00:00:00:00:01. A part without an
// equals sign belongs to the value before it.
func splitDevice(word string) (name string, attributes []string) {
	parts := strings.Split(word, ":")
	for _, part := range parts[1:] {
		if last := len(attributes) - 1; !strings.Contains(part, "=") && last >= 0 {
			attributes[last] += ":" + part
			continue
		}
		attributes = append(attributes, part)
	}
	return parts[0], attributes
}

func deviceLines(what, section, user, object string, attributes []string) []string {
	var lines []string
	if user != "" {
		lines = append(lines, what+"_UNAME="+quote(user))
	}
	for _, attribute := range attributes {
		key, value, _ := strings.Cut(attribute, "=")
		lines = append(lines, strings.ToUpper(key)+"="+quote(value))
	}
	switch {
	case section == "NIC" && (strings.EqualFold(object, "auto") || strings.EqualFold(object, "dummy")):
		return append(lines, "NETWORK_MODE="+quote(object))
	case digits.MatchString(object):
		return append(lines, what+"_ID="+object)
	}
	return append(lines, what+"="+quote(object))
}
