package one22

import (
	"regexp"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// netByName is how 2.2 names the network of a variable: $NETWORK[DNS, NAME="lan"].
// Today's rules find it among the VM's own, by another word.
var netByName = regexp.MustCompile(`(?i)(\$NETWORK\[[^\],]*,\s*)NAME(\s*=)`)

// context rewrites 2.2's variables for today's rules. Unless the template says otherwise, the
// CD is the second disk.
func (t *translation) context() error {
	list := t.out.Vectors("CONTEXT")
	for _, c := range list {
		for i := range c.Vector {
			c.Vector[i].Value = netByName.ReplaceAllString(c.Vector[i].Value, "${1}NETWORK${2}")
		}
		if c.Get("TARGET") == "" {
			c.Set("TARGET", devicePrefix+"b")
		}
	}
	if t.out.Has("CONTEXT") && len(list) == 0 {
		return cannot("Could not parse CONTEXT for VM.")
	}
	return nil
}

// rest translates the rest: where the VM may run, its console, and how it boots.
func (t *translation) rest() error {
	if rank := t.out.Get("RANK"); rank != "" {
		t.out.Del("RANK")
		t.out.Set("SCHED_RANK", rank)
	}
	for _, g := range t.out.Vectors("GRAPHICS") {
		if port, ok := g.Int("PORT"); ok && port < 0 { // the hypervisor was to choose; now we do
			g.Del("PORT")
		}
	}
	os := t.out.Vector("OS")
	if os == nil {
		t.out.Add(attr.NewVector("OS", attr.Pair{Key: "MACHINE", Value: machine}))
		return nil
	}
	boot(os)
	if os.Get("MACHINE") == "" {
		os.Set("MACHINE", machine)
	}
	return nil
}

// machine is what guests of that time have drivers for: disks called hda are on IDE.
const machine = "pc"

// boot translates the one device that a VM of 2.2 boots from.
func boot(os *attr.Attr) {
	switch strings.ToLower(os.Get("BOOT")) {
	case "":
	case "network":
		os.Set("BOOT", "nic0")
	default:
		os.Del("BOOT") // the first disk, whatever it is
	}
}
