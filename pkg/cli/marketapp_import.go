package cli

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// appVersion is the version that new apps state.
const appVersion = "7.4.0"

// ownMarkets are the drivers of marketplaces to which apps can be added.
func ownMarkets() []string { return []string{"http", "s3", "file", "dummy"} }

func importFlags(f *pflag.FlagSet) {
	f.Bool("yes", false, "also its images")
	f.Bool("no", false, "without its images")
	f.String("market", "", "marketplace for all of it, by ID or name")
	f.String("vmname", "", "name of the app of the VM template")
}

// templateImport makes apps of a VM template and its images.
func templateImport() verb {
	return verb{
		name: "vm-template", short: "Put a VM template into a marketplace: vm-template import",
		args:  []arg{word("import"), ref("vm_template_id", "VMTEMPLATE")},
		flags: importFlags,
		run: func(s *session, in *input) error {
			if err := isImport(in); err != nil {
				return err
			}
			return s.importTemplate(in, in.number(1, -1))
		},
	}
}

// vmImport does so with a powered-off VM, by saving it as a template first.
func vmImport() verb {
	return verb{
		name: "vm", short: "Put a VM that is powered off into a marketplace: vm import",
		args:  []arg{word("import"), ref("vm_id", "VM")},
		flags: importFlags,
		run: func(s *session, in *input) error {
			if err := isImport(in); err != nil {
				return err
			}
			vm, _, err := s.read(call("one.vm.info", in.number(1, -1), false))
			if err != nil {
				return err
			}
			saved, err := s.saveTemplate(vm, vm.get("NAME")+"-saved", "App to import", false)
			if err != nil {
				return err
			}
			if err := s.importTemplate(in, saved); err != nil {
				return err
			}
			fmt.Fprintf(s.out, "\nTo delete saved template use: `onetemplate delete %d --recursive`\n", saved)
			return nil
		},
	}
}

// serviceImport refuses: services belong to OneFlow, which is another server.
func serviceImport() verb {
	return verb{
		name: "service-template", short: "Explain what can be imported instead of a OneFlow service",
		args:  []arg{word("import"), word("service_template_id")},
		flags: importFlags,
		run: func(_ *session, in *input) error {
			if err := isImport(in); err != nil {
				return err
			}
			return sayf("Service templates belong to OneFlow, which is not part of Renkei.\n" +
				"The VM templates of their roles can be imported: onemarketapp vm-template import <vm_template_id>")
		},
	}
}

func isImport(in *input) error {
	if in.word(0) != "import" {
		return fmt.Errorf("unknown command %q: import is the only one here", in.word(0))
	}
	return nil
}

func (s *session) importTemplate(in *input, id int) error {
	market, err := s.ownMarket(in)
	if err != nil {
		return err
	}
	template, _, err := s.read(call("one.template.info", id, false))
	if err != nil {
		return err
	}
	apps, err := s.appsOf(template, market, !in.bool("no"), in.text("vmname"))
	if err != nil {
		return errors.Join(err, s.removeApps(apps))
	}
	for _, app := range apps {
		fmt.Fprintf(s.out, "ID: %d\n", app)
	}
	return nil
}

// ownMarket is the marketplace for new apps: that of the option, or the first one that accepts
// apps.
func (s *session) ownMarket(in *input) (int, error) {
	pool, err := s.objects(marketNoun())
	if err != nil {
		return 0, err
	}
	pool = slices.DeleteFunc(pool, func(n *node) bool { return !slices.Contains(ownMarkets(), n.get("MARKET_MAD")) })
	if len(pool) == 0 {
		return 0, sayf("There are no %s marketplaces", strings.Join(ownMarkets(), "/"))
	}
	if !in.given("market") {
		return int(pool[0].int("ID")), nil
	}
	id, err := s.option(in, "market", "MARKETPLACE", -1)
	if err == nil && !slices.ContainsFunc(pool, func(n *node) bool { return int(n.int("ID")) == id }) {
		err = fmt.Errorf("marketplace %d takes no apps", id)
	}
	return id, err
}

// appsOf makes the apps of a VM template, that of the template last.
func (s *session) appsOf(vm *node, market int, withImages bool, name string) (apps []int, err error) {
	var disks string
	for i, disk := range vm.all("TEMPLATE/DISK") {
		image, err := s.imageOf(disk, vm.get("UNAME"))
		if err != nil {
			return apps, err
		}
		if image == nil {
			continue
		}
		title := unique(image.get("NAME"))
		disks += fmt.Sprintf("DISK = [ NAME = \"%s_%d\", APP = %s ]\n", imageType(image), i, quote(title))
		if !withImages {
			continue
		}
		answer, err := s.call(call("one.marketapp.allocate", imageApp(image, title), market))
		if err != nil {
			return apps, err
		}
		apps = append(apps, answer.ID)
	}
	if name == "" {
		name = unique(vm.get("NAME"))
	}
	text := disks + appText(name, "-1", "VMTEMPLATE", templateText(portable(vm.at("TEMPLATE"))))
	answer, err := s.call(call("one.marketapp.allocate", text, market))
	if err != nil {
		return apps, err
	}
	return append(apps, answer.ID), nil
}

// imageOf is the image of a disk, none for a volatile disk. An image given by name is the
// owner's unless the disk says otherwise.
func (s *session) imageOf(disk *node, owner string) (*node, error) {
	id := int(disk.int("IMAGE_ID"))
	if !disk.has("IMAGE_ID") {
		if !disk.has("IMAGE") {
			return nil, nil
		}
		pool, err := s.objects(imageNoun())
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(pool, func(n *node) bool {
			return n.get("NAME") == disk.get("IMAGE") && n.get("UNAME") == disk.or("IMAGE_UNAME", owner)
		})
		if i < 0 {
			return nil, sayf("Image %s not found", disk.get("IMAGE"))
		}
		id = int(pool[i].int("ID"))
	}
	image, _, err := s.read(call("one.image.info", id, false))
	return image, err
}

// imageApp makes the template of an image's app.
func imageApp(image *node, name string) string {
	inner := "TYPE=" + imageType(image).String() + "\n"
	if prefix := image.get("TEMPLATE/DEV_PREFIX"); prefix != "" {
		inner += "DEV_PREFIX=" + quote(prefix) + "\n"
	}
	return appText(name, image.get("ID"), "IMAGE", inner)
}

func appText(name, origin, kind, inner string) string {
	var t template
	t.attribute("NAME", name)
	t.attribute("ORIGIN_ID", origin)
	t.attribute("TYPE", kind)
	t.attribute("VERSION", appVersion)
	t.attribute("APPTEMPLATE64", base64.StdEncoding.EncodeToString([]byte(inner)))
	return t.text.String()
}

// unique is a name that no other app has.
func unique(name string) string {
	random := make([]byte, 5)
	_, _ = rand.Read(random) // never fails
	return fmt.Sprintf("%s-%x", name, random)
}

// portable is a VM template without disks and without references to networks: a NIC gets any
// network, or is removed unless others depend on it.
func portable(vm *node) *node {
	rest := vm.without("DISK")
	for i, nic := range rest.kids {
		if nic.name != "NIC" && nic.name != "NIC_ALIAS" {
			continue
		}
		bare := nic.without("NETWORK", "NETWORK_ID", "NETWORK_UNAME", "SECURITY_GROUPS")
		switch {
		case nic.name == "NIC_ALIAS" || !nic.has("NETWORK") && !nic.has("NETWORK_ID"):
		case rest.has("NIC_ALIAS"):
			bare.with("MARKET", "YES")
		default:
			bare.with("NETWORK_MODE", "auto")
		}
		rest.kids[i] = bare
	}
	return rest
}

func (s *session) removeApps(apps []int) error {
	var failed []error
	for _, id := range apps {
		_, err := s.call(call("one.marketapp.delete", id))
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}
