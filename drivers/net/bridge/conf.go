package bridge

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
)

// Settings are defaults for all networks, in the form of networks' attributes: Conf is CONF
// ("vxlan_mtu=1450,keep_empty_bridge=yes"), LinkConf is IP_LINK_CONF
// ("nolearning=,dstport=4789").
type Settings struct{ Conf, LinkConf string }

// conf is a parsed CONF, by lower-case names.
type conf map[string]string

// factory has the values of OpenNebulaNetwork.conf as shipped, as far as these drivers use
// them.
var factory = conf{
	"vlan_mtu": "1500", "vxlan_mtu": "1500",
	"vxlan_mode": "multicast", "vxlan_mc": "239.0.0.0", "vxlan_ttl": "16", "vxlan_tep": "dev",
	"keep_empty_bridge": "no", "validate_vlan_id": "no",
}

func (c conf) get(key string) string { return c[key] }

func (c conf) is(key string) bool {
	value := strings.ToLower(c[key])
	return value == "yes" || value == "true"
}

// get is the default for all networks.
func (s Settings) get(key string) string { return s.conf()[key] }

func (s Settings) conf() conf {
	c := maps.Clone(factory)
	maps.Copy(c, pairs(s.Conf))
	return c
}

// check refuses invalid settings.
func (s Settings) check() error {
	for key := range pairs(s.Conf) {
		if _, known := factory[key]; !known {
			return fmt.Errorf("network.conf: %q is none of %s", key, strings.Join(slices.Sorted(maps.Keys(factory)), ", "))
		}
	}
	if _, err := linkOptions(drivers.NIC{}, s, vlan); err != nil {
		return fmt.Errorf("network.ip_link_conf: %w", err)
	}
	return nil
}

// confOf is the configuration for a NIC. CONF of a network may also contain settings of other
// drivers.
func confOf(nic drivers.NIC, defaults Settings) conf {
	c := defaults.conf()
	maps.Copy(c, pairs(nic.Attrs.Get("CONF")))
	return c
}

// pairs parses "key=value,key=".
func pairs(text string) conf {
	c := conf{}
	for part := range strings.SplitSeq(text, ",") {
		if key, value, ok := strings.Cut(part, "="); ok {
			c[strings.ToLower(strings.TrimSpace(key))] = strings.TrimSpace(value)
		}
	}
	return c
}

// Valid values of the options of "ip link add".
var (
	flag   = regexp.MustCompile(`^$`)
	onOff  = regexp.MustCompile(`^(on|off)$`)
	digits = regexp.MustCompile(`^(0x)?[0-9a-f]+$`)
	word   = regexp.MustCompile(`^[a-z0-9.]+$`)
)

// linkConf are the options that networks may set. None can connect a device to something else,
// as users can write networks, too.
var linkConf = map[kind]map[string]*regexp.Regexp{
	vlan: {
		"protocol": word, "reorder_hdr": onOff, "gvrp": onOff, "mvrp": onOff, "loose_binding": onOff, "bridge_binding": onOff,
	},
	vxlan: {
		"dstport": digits, "tos": digits, "flowlabel": digits, "ageing": digits, "maxaddress": digits, "df": word,
		"learning": flag, "nolearning": flag, "rsc": flag, "norsc": flag, "proxy": flag, "noproxy": flag,
		"l2miss": flag, "nol2miss": flag, "l3miss": flag, "nol3miss": flag, "udpcsum": flag, "noudpcsum": flag,
		"udp6zerocsumtx": flag, "noudp6zerocsumtx": flag, "udp6zerocsumrx": flag, "noudp6zerocsumrx": flag, "gbp": flag,
	},
}

// deleted removes an option of the defaults.
const deleted = "__delete__"

// linkOptions answers the options in IP_LINK_CONF for devices of a kind, without those for the
// other kind.
func linkOptions(nic drivers.NIC, defaults Settings, k kind) (args []string, err error) {
	all := pairs(defaults.LinkConf)
	maps.Copy(all, pairs(nic.Attrs.Get("IP_LINK_CONF")))
	for _, key := range slices.Sorted(maps.Keys(all)) {
		value := strings.ToLower(all[key])
		if value == deleted {
			continue
		}
		of, form := optionOf(key)
		switch {
		case form == nil:
			return nil, fmt.Errorf("IP_LINK_CONF: %q is none of %s", key, strings.Join(knownOptions(), ", "))
		case !form.MatchString(value):
			return nil, fmt.Errorf("IP_LINK_CONF: %s cannot be %q", key, value)
		case of != k:
		case value == "":
			args = append(args, key)
		default:
			args = append(args, key, value)
		}
	}
	return args, nil
}

func optionOf(key string) (kind, *regexp.Regexp) {
	for k, options := range linkConf {
		if form, ok := options[key]; ok {
			return k, form
		}
	}
	return "", nil
}

func knownOptions() (list []string) {
	for _, options := range linkConf {
		list = slices.AppendSeq(list, maps.Keys(options))
	}
	slices.Sort(list)
	return list
}
