package attr

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// typicalText is a VM template of usual size.
const typicalText = `NAME   = "web-01"
CPU    = "1"
VCPU   = "2"
MEMORY = "2048"
DISK   = [ IMAGE_ID = "3", IMAGE = "Alma 9", DEV_PREFIX = "vd", SIZE = "20480", DRIVER = "qcow2" ]
DISK   = [ TYPE = "fs", FORMAT = "ext4", SIZE = "1024", DEV_PREFIX = "vd" ]
NIC    = [ NETWORK = "private", NETWORK_UNAME = "oneadmin", SECURITY_GROUPS = "0,100", MODEL = "virtio" ]
OS     = [ ARCH = "x86_64", BOOT = "disk0,nic0", MACHINE = "q35" ]
GRAPHICS = [ LISTEN = "0.0.0.0", TYPE = "VNC", KEYMAP = "en-us" ]
CONTEXT  = [ NETWORK = "YES", SSH_PUBLIC_KEY = "$USER[SSH_PUBLIC_KEY]", HOSTNAME = "$NAME",
  START_SCRIPT = "#!/bin/sh
echo \"ready\" > /dev/console" ]
FEATURES = [ ACPI = "yes", GUEST_AGENT = "yes" ]
SCHED_REQUIREMENTS = "HYPERVISOR=kvm & FREECPU > 100" # not the busy ones
SCHED_RANK = "FREEMEMORY"
`

func typical(tb testing.TB) Template {
	tb.Helper()
	t, err := Parse(typicalText)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// single and vector make an Attr without NewSingle and NewVector.
func single(name, value string) Attr { return Attr{Name: name, Value: value} }

func vector(name string, kv ...string) Attr {
	a := Attr{Name: name, IsVector: true}
	for i := 0; i < len(kv); i += 2 {
		a.Vector = append(a.Vector, Pair{kv[i], kv[i+1]})
	}
	return a
}

// drawTemplate draws templates with arbitrary names and values.
func drawTemplate() *rapid.Generator[Template] {
	name := rapid.OneOf(rapid.SampledFrom([]string{"A", "b", "DISK", "XMLA", "1A", "", "é", "a b", ":a", "a:b"}), rapid.String())
	value := rapid.OneOf(rapid.SampledFrom([]string{"", "a", "]]>", `"`, `\`, `\"`, "\xff", "\x01", "a\r\nb", "]", "a ]]> \\"}), rapid.String())
	return rapid.Custom(func(t *rapid.T) Template {
		tree := Template{}
		for range rapid.IntRange(0, 5).Draw(t, "attributes") {
			a := Attr{Name: name.Draw(t, "name")}
			if a.IsVector = rapid.Bool().Draw(t, "vector"); !a.IsVector {
				a.Value = value.Draw(t, "value")
			}
			for range rapid.IntRange(0, 3).Draw(t, "pairs") {
				if a.IsVector {
					a.Vector = append(a.Vector, Pair{name.Draw(t, "key"), value.Draw(t, "value")})
				}
			}
			tree.Add(a)
		}
		for i := range tree {
			if len(tree[i].Vector) == 0 {
				tree[i].Vector = nil
			}
		}
		return tree
	})
}

// throughText is the template after it was written as text and parsed: blanks around values are
// removed.
func throughText(t Template) Template { return mapValues(t, trimBlanks) }

func trimBlanks(s string) string { return strings.Trim(s, blanks) }

// throughXML is the template after it was written as XML and parsed: empty vectors, and
// characters that XML does not allow, are lost.
func throughXML(t Template) Template {
	t = mapValues(t, func(s string) string {
		return trimBlanks(crlf.Replace(legalXML(s)))
	})
	t.DelFunc(func(a *Attr) bool { return a.IsVector && len(a.Vector) == 0 })
	return t
}

// crlf changes line ends like XML parsers.
var crlf = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// legalXML replaces what is not a Char of the XML recommendation by U+FFFD.
func legalXML(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\t', r == '\n', r == '\r', r >= 0x20 && r <= 0xD7FF,
			r >= 0xE000 && r <= 0xFFFD, r >= 0x10000 && r <= 0x10FFFF:
			b.WriteRune(r)
		default:
			b.WriteRune(utf8.RuneError)
		}
	}
	return b.String()
}

func mapValues(t Template, f func(string) string) Template {
	t = t.Clone()
	t.eachValue(func(v *string) { *v = f(*v) })
	return t
}
