package cli

import (
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/pflag"

	"github.com/renkei-vpe/renkei/pkg/one"
)

func imageCreate(n *noun) verb {
	options := templateOptions{flags: imageFlags, build: imageTemplate}
	return create(n, options, func(f *pflag.FlagSet) {
		f.StringP("datastore", "d", "", "datastore for the image, by ID or name (mandatory)")
		f.Bool("no_check_capacity", false, "do not look whether it fits (administrators)")
	}, func(s *session, in *input, text string) (request, error) {
		if !in.given("datastore") {
			return request{}, sayf("Datastore to save the image is mandatory: -d datastore_id")
		}
		datastore, err := s.option(in, "datastore", "DATASTORE", -1)
		return call("one.image.allocate", text, datastore, in.bool("no_check_capacity")), err
	}).explained(`Create an image from a template (a file or the input) or from options.

  oneimage create -d default --name debian --path /tmp/debian.qcow2
  oneimage create -d default --name data --type DATABLOCK --size 4g`)
}

func imageFlags(f *pflag.FlagSet) {
	f.String("name", "", "name of the image")
	f.String("description", "", "what it is for")
	f.String("type", "", "OS, CDROM, DATABLOCK, KERNEL, RAMDISK, CONTEXT, BACKUP or FILESYSTEM")
	f.Bool("persistent", false, "keep what a VM writes")
	f.String("prefix", "", "prefix of the device: hd, sd, xvd or vd")
	f.String("target", "", "device in the guest")
	f.String("path", "", "file or URL to take it from")
	f.String("format", "", "format, such as raw or qcow2")
	f.String("fs", "", "file system to make on it")
	f.String("disk_type", "", "BLOCK, CDROM, RBD or FILE")
	f.String("source", "", "source that the storage knows, for images that are no files")
	f.String("size", "", "size in MiB, or with a g behind it in GiB")
}

func imageTemplate(in *input) (string, error) {
	var t template
	for _, name := range []string{"description", "type", "target", "path", "format", "fs", "disk_type", "source", "size", "name"} {
		value, err := imageOption(name, in)
		if err != nil {
			return "", fmt.Errorf("--%s: %w", name, err)
		}
		t.attribute(strings.ToUpper(name), value)
	}
	if in.bool("persistent") {
		t.plain("PERSISTENT", "YES")
	}
	prefix := strings.ToLower(in.text("prefix"))
	switch prefix {
	case "", "hd", "sd", "xvd", "vd":
	default:
		return "", fmt.Errorf("--prefix %s: must be hd, sd, xvd or vd", in.text("prefix"))
	}
	t.attribute("DEV_PREFIX", prefix)
	return t.text.String(), nil
}

// urlForm tells a local path from a URL that the server downloads.
var urlForm = regexp.MustCompile(`^[a-z0-9+]+://`)

func imageOption(name string, in *input) (string, error) {
	value := in.text(name)
	switch {
	case value == "":
		return "", nil
	case name == "type":
		return imageTypeWord(value)
	case name == "size":
		mib, err := mebibytes(value, math.Floor)
		return itoa(mib), err
	case name == "path" && !urlForm.MatchString(value):
		return filepath.Abs(value)
	}
	return value, nil
}

func imageTypeWord(word string) (string, error) {
	upper := strings.ToUpper(strings.TrimSpace(word))
	if _, ok := one.ParseImageType(upper); !ok {
		return "", fmt.Errorf("%q is no type of image: OS, CDROM, DATABLOCK, KERNEL, RAMDISK, CONTEXT, BACKUP and FILESYSTEM are", word)
	}
	return upper, nil
}
