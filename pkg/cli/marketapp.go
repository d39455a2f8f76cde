package cli

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/renkei-vpe/renkei/pkg/one"
)

func marketappNoun() *noun {
	n := &noun{
		name: "marketapp", program: "onemarketapp", element: "MARKETPLACEAPP", title: "marketplace app",
		method: "one.marketapp.", pool: "one.marketapppool.info", scoped: true,
		columns: marketappColumns(), defaults: strings.Fields("ID NAME VERSION SIZE ARCH HYPERVISOR STAT TYPE REGTIME MARKET ZONE"),
		show: showMarketapp,
	}
	n.verbs = slices.Concat([]verb{
		list(n), show(n), marketappCreate(), marketappExport(), templateImport(), vmImport(), serviceImport(),
		deleteVerb(n), rename(n), update(n, "TEMPLATE"),
	}, enableVerbs(n), ownedVerbs(n), lockVerbs(n, "MarketPlaceApp"))
	return n
}

func marketappColumns() []column {
	return []column{
		{"ID", "ONE identifier for the marketplace app", 4, adjust, text("ID")},
		{"NAME", "Name of the marketplace app", 20, left | expand, text("NAME")},
		{"VERSION", "Version of the app", 10, 0, text("VERSION")},
		{"SIZE", "App size", 5, 0, sizeOf("SIZE")},
		{"ARCH", "OS Architecture", 7, 0, text("TEMPLATE/ARCHITECTURE")},
		{"HYPERVISOR", "Hypervisor to use for VMs", 10, left, text("TEMPLATE/HYPERVISOR")},
		{"STAT", "State of the app", 4, 0, appStat},
		{"REGTIME", "Registration time of the app", 8, 0, func(_ *view, n *node) string {
			return time.Unix(n.int("REGTIME"), 0).Format("01/02/06")
		}},
		{"TYPE", "Marketplace app type", 4, 0, func(_ *view, n *node) string { return appType(n).Short() }},
		{"MARKET", "Name of the MarketPlace", 10, left, text("MARKETPLACE")},
		{"ZONE", "Zone ID", 4, 0, text("ZONE_ID")},
	}
}

// appStat is the state in three letters.
func appStat(_ *view, n *node) string {
	if appState(n) == one.AppDisabled {
		return "dis"
	}
	return appState(n).Short()
}

func appState(n *node) one.AppState { return one.AppState(n.int("STATE")) }
func appType(n *node) one.AppType   { return one.AppType(n.int("TYPE")) }

func marketappCreate() verb {
	return verb{
		name: "create", short: "Create an app in a marketplace",
		long: `Create an app in a marketplace from a template: a file, or the input.
Options such as --image can take its place; --dry shows the template that they stand for.`,
		args: []arg{file},
		flags: func(f *pflag.FlagSet) {
			f.StringP("marketplace", "m", "", "marketplace for the app, by ID or name (mandatory)")
			f.Bool("dry", false, "just print the template")
			marketappFlags(f)
		},
		run: runMarketappCreate,
	}
}

func marketappFlags(f *pflag.FlagSet) {
	f.String("name", "", "name of the app")
	f.String("description", "", "what it is for")
	f.String("image", "", "image that it is made from, by ID or name")
}

func runMarketappCreate(s *session, in *input) error {
	if !in.given("marketplace") {
		return sayf("Marketplace to save the app is mandatory: \n\t -m marketplace_id")
	}
	market, err := s.option(in, "marketplace", "MARKETPLACE", -1)
	if err != nil {
		return err
	}
	text, err := s.given(in, in.word(0), templateOptions{flags: marketappFlags, build: s.appTemplate})
	if err != nil {
		return err
	}
	if in.bool("dry") {
		fmt.Fprintln(s.out, text)
		return nil
	}
	return s.makeOne(call("one.marketapp.allocate", text, market))
}

// appTemplate makes the template of an app from an image, from the options.
func (s *session) appTemplate(in *input) (string, error) {
	var t template
	t.attribute("NAME", in.text("name"))
	t.attribute("DESCRIPTION", in.text("description"))
	image, err := s.option(in, "image", "IMAGE", -1)
	if err != nil {
		return "", err
	}
	if in.given("image") {
		t.plain("ORIGIN_ID", itoa(int64(image)))
	}
	t.plain("TYPE", "image")
	return t.text.String(), nil
}

func showMarketapp(p *page, n *node) {
	p.title("MARKETPLACE APP " + n.get("ID") + " INFORMATION")
	p.line("ID", n.get("ID"))
	p.line("NAME", n.get("NAME"))
	p.line("TYPE", appType(n).String())
	p.line("USER", n.get("UNAME"))
	p.line("GROUP", n.get("GNAME"))
	p.line("MARKETPLACE", n.get("MARKETPLACE"))
	p.line("STATE", appStat(nil, n))
	p.line("LOCK", lockLevel(n.get("LOCK/LOCKED")))
	p.blank()
	p.permissions(n)
	p.section("DETAILS")
	for _, name := range []string{"SOURCE", "MD5", "PUBLISHER"} {
		p.line(name, n.get(name))
	}
	p.line("REGISTER TIME", time.Unix(n.int("REGTIME"), 0).Format(time.ANSIC))
	p.line("VERSION", n.get("VERSION"))
	p.line("DESCRIPTION", n.get("DESCRIPTION"))
	p.line("SIZE", size(n.int("SIZE"), 'M'))
	p.line("ORIGIN_ID", n.get("ORIGIN_ID"))
	p.line("FORMAT", n.get("FORMAT"))
	p.section("IMPORT TEMPLATE")
	fmt.Fprintln(p.out, strings.TrimSuffix(decoded(n.get("APPTEMPLATE64")), "\n"))
	p.section("MARKETPLACE APP TEMPLATE")
	p.template(n.at("TEMPLATE"))
	p.blank()
}

// decoded decodes base64, which may have line breaks.
func decoded(text string) string {
	plain, _ := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	return string(plain)
}
