package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// vmTemplate exports an app that is a VM template: first the apps of its disks, then the
// template. If the template cannot be created, the images are deleted.
func (e export) vmTemplate(app *node, name string) (exported, error) {
	e.alone = true
	var made exported
	disks, err := e.disks(app, name)
	for _, disk := range disks {
		made.images = append(made.images, disk.images...)
	}
	if err == nil {
		made.templates, err = e.templateOf(app, name, disks)
	}
	if err != nil {
		return exported{}, errors.Join(err, e.remove(made.images))
	}
	return made, nil
}

// disks exports the apps of a VM's disks, each of them once.
func (e export) disks(app *node, name string) ([]exported, error) {
	pool, err := e.session.objects(marketappNoun())
	if err != nil {
		return nil, err
	}
	var made []exported
	done := map[string]bool{}
	for _, disk := range app.all("TEMPLATE/DISK") {
		title := disk.get("APP")
		if done[title] {
			continue
		}
		done[title] = true
		part := find(pool, title)
		if part == nil {
			return made, sayf("App `%s` not found", title)
		}
		image, err := e.freeName(name, fmt.Sprintf("-%s-%s-%d", title, disk.get("NAME"), len(made)))
		if err != nil {
			return made, err
		}
		child, err := e.app(part, image, true)
		made = append(made, child)
		if err != nil {
			return made, err
		}
	}
	return made, nil
}

func find(pool []*node, name string) *node {
	for _, n := range pool {
		if n.get("NAME") == name {
			return n
		}
	}
	return nil
}

// freeName is an unused name for an image: name, or name with a number, and a suffix.
func (e export) freeName(name, rest string) (string, error) {
	images, err := e.session.objects(imageNoun())
	if err != nil {
		return "", err
	}
	free := name + rest
	for i := 0; find(images, free) != nil; i++ {
		free = fmt.Sprintf("%s_%d%s", name, i, rest)
	}
	return free, nil
}

// templateOf creates the VM template of an app with the new images.
func (e export) templateOf(app *node, name string, disks []exported) ([]int, error) {
	inner := app.get("TEMPLATE/APPTEMPLATE64")
	if inner == "" {
		return nil, sayf("Missing APPTEMPLATE64 for App %s", app.get("ID"))
	}
	answer, err := e.session.call(call("one.template.allocate", join(decoded(inner), "NAME="+quote(name)+"\n")))
	if err != nil {
		return nil, err
	}
	template, _, err := e.session.read(call("one.template.info", answer.ID, false))
	if err == nil {
		contents := template.at("TEMPLATE")
		contents.furnish(disks)
		_, err = e.session.call(call("one.template.update", answer.ID, templateText(contents), 0))
	}
	if err != nil {
		_, undo := e.session.call(call("one.template.delete", answer.ID, false))
		return nil, errors.Join(err, undo)
	}
	return []int{answer.ID}, nil
}

// furnish adds images to a VM template: as disks, kernel, initrd or context files.
func (n *node) furnish(disks []exported) {
	var files []string
	for _, disk := range disks {
		id := itoa(int64(disk.images[0]))
		switch disk.kind {
		case one.ImageTypeContext:
			files = append(files, `$FILE[IMAGE_ID="`+id+`"]`)
		case one.ImageTypeKernel:
			n.section("OS").with("KERNEL_DS", "$FILE[IMAGE_ID="+id+"]")
		default:
			n.kids = append(n.kids, nodeOf("IMAGE_ID", id).named("DISK"))
		}
	}
	if len(files) > 0 {
		n.section("CONTEXT").with("FILES_DS", strings.Join(files, " "))
	}
}

// section is the vector attribute of that name, which is added if it is missing.
func (n *node) section(name string) *node {
	if n.at(name) == nil {
		n.with(name, "")
	}
	return n.at(name)
}

func (n *node) named(name string) *node {
	n.name = name
	return n
}

func (e export) remove(images []int) error {
	var failed []error
	for _, id := range images {
		if _, err := e.session.call(call("one.image.delete", id, false)); err != nil {
			failed = append(failed, sayf("Error deleting image %d: %w", id, err))
		}
	}
	return errors.Join(failed...)
}
