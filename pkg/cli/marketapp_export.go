package cli

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/spf13/pflag"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// exported are the objects made from an app.
type exported struct {
	images    []int
	kind      one.ImageType // of the image, if the app is one
	templates []int
}

// export has the options for making images and templates from apps.
type export struct {
	session   *session
	datastore int
	files     int    // datastore for kernels and context files; -1 for any
	vmName    string // name of the VM template, if it is not that of the app
	template  int    // VM template to copy; -1 for the app's own
	alone     bool   // no VM template for an image
}

// marketappExport makes an image, a VM template, or both from an app.
func marketappExport() verb {
	return verb{
		name: "export", short: "Make images and templates from a marketplace app",
		args: []arg{object, word("name")},
		flags: func(f *pflag.FlagSet) {
			f.StringP("datastore", "d", "", "datastore for the images, by ID or name (mandatory)")
			f.String("file-datastore", "", "datastore for kernels and context files, by ID or name")
			f.String("vmname", "", "name of the VM template, if the app holds one")
			f.Bool("no", false, "no VM template beside the image")
			f.Int("template", -1, "VM template to copy and use with the image")
		},
		run: runExport,
	}
}

func runExport(s *session, in *input) error {
	e := export{session: s, vmName: in.text("vmname"), template: in.int("template")}
	e.alone = in.bool("no") || in.given("template") && e.template < 0
	var err error
	if e.datastore, err = s.option(in, "datastore", "DATASTORE", -1); err != nil {
		return err
	}
	if e.files, err = s.option(in, "file-datastore", "DATASTORE", -1); err != nil {
		return err
	}
	app, _, err := s.read(in.noun.infoRequest(in.id()))
	if err != nil {
		return err
	}
	made, err := e.app(app, in.word(1), in.given("datastore"))
	s.printIDs("IMAGE", made.images)
	s.printIDs("VMTEMPLATE", made.templates)
	if err == nil {
		s.tell(in.noun, in.id(), "exporting")
	}
	return err
}

func (s *session) printIDs(head string, ids []int) {
	if len(ids) == 0 {
		return
	}
	fmt.Fprintln(s.out, head)
	for _, id := range ids {
		fmt.Fprintf(s.out, "    ID: %d\n", id)
	}
}

// app exports one app. Objects made before an error are printed.
func (e export) app(app *node, name string, placed bool) (exported, error) {
	switch {
	case appState(app) != one.AppReady:
		return exported{}, sayf("App is not READY")
	case !placed:
		return exported{}, sayf("Missing datastore id")
	case appType(app) == one.AppImage:
		return e.image(app, name)
	case appType(app) == one.AppVMTemplate:
		return e.vmTemplate(app, name)
	}
	return exported{}, sayf("App type %s not supported", appType(app))
}

// fileForm matches types of apps for file datastores.
var fileForm = regexp.MustCompile(`(?im)^\s*TYPE\s*=\s*"?(KERNEL|RAMDISK|CONTEXT)`)

func (e export) image(app *node, name string) (made exported, err error) {
	text := decoded(app.get("APPTEMPLATE64"))
	datastore := e.datastore
	if fileForm.MatchString(text) {
		if datastore, err = e.fileDatastore(); err != nil {
			return made, err
		}
	}
	text = join(text, "NAME = "+quote(name)+"\nFROM_APP = "+quote(app.get("ID"))+"\n")
	answer, err := e.session.call(call("one.image.allocate", text, datastore, false))
	if err != nil {
		return made, err
	}
	made.images = []int{answer.ID}
	image, err := e.tidy(answer.ID)
	if err != nil {
		return made, err
	}
	made.kind = imageType(image)
	inner := app.get("TEMPLATE/VMTEMPLATE64")
	if inner == "" || e.alone {
		return made, nil
	}
	return e.beside(made, inner, text, name)
}

// tidy removes attributes of the app's file in the marketplace from the new image.
func (e export) tidy(id int) (*node, error) {
	image, _, err := e.session.read(call("one.image.info", id, false))
	if err != nil {
		return nil, err
	}
	text := templateText(image.at("TEMPLATE").without("FORMAT", "DRIVER"))
	_, err = e.session.call(call("one.image.update", id, text, 0))
	return image, err
}

// beside makes the VM template for an image.
func (e export) beside(made exported, inner, text, name string) (exported, error) {
	if e.vmName != "" {
		name = e.vmName
	}
	disk := fmt.Sprintf("DISK = [ IMAGE_ID = \"%d\" ]\n", made.images[0])
	if e.template < 0 {
		answer, err := e.session.call(call("one.template.allocate", join(decoded(inner), "NAME = "+quote(name)+"\n"+disk)))
		if err != nil {
			return made, err
		}
		made.templates = []int{answer.ID}
		return made, nil
	}
	answer, err := e.session.call(call("one.template.clone", e.template, name, false))
	if err != nil {
		return made, err
	}
	made.templates = []int{answer.ID}
	_, err = e.session.call(call("one.template.update", answer.ID, join(text, "NAME = "+quote(name)+"\n"+disk), 1))
	return made, err
}

func (e export) fileDatastore() (int, error) {
	if e.files >= 0 {
		return e.files, nil
	}
	pool, err := e.session.objects(datastoreNoun())
	if err != nil {
		return 0, err
	}
	for _, datastore := range pool {
		if one.DatastoreType(datastore.int("TYPE")) == one.DatastoreFile {
			return int(datastore.int("ID")), nil
		}
	}
	return 0, errors.New("there is no datastore of files; name one with --file-datastore")
}
