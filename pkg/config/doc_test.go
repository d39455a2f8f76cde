package config

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write docs/configuration.md anew")

const docFile = "../../docs/configuration.md"

const docHead = `# Settings

Every setting has a default, so no file is needed to begin. A setting can be given in the YAML file that
` + "`renkei serve --config` names, in the environment, or with `--set setting=value`" + `; later ones win. In the environment,
` + "`scheduler.enabled` is called `RENKEI_SCHEDULER_ENABLED`" + `, and so on. A setting that does not exist is refused. Durations
are written like 30s, 5m or 1h30m.

This page is generated from the code: ` + "`go test ./pkg/config -update`" + `.

| setting | default | meaning |
|---|---|---|
`

const listenersHead = `
## Further listeners

The API answers at ` + "`listen` and `path`" + ` only. ` + "`listeners`" + ` adds places that speak one dialect each. This gives OpenNebula
2.2's tools a server of their own on 127.0.0.1:2634, and the API a second path:

    listeners:
      - face: one22
      - face: one
        listen: 127.0.0.1:2633
        paths: [/other]

| setting | default | meaning |
|---|---|---|
`

const authHead = `
## Authentication drivers

Built in are passwords (` + "`core`" + `), users on whose behalf only servers act (` + "`public`" + `), and servers (` + "`server_cipher`" + `). Users of
any other driver are authenticated by a program, ` + "`<auth.dir>/<driver>/authenticate`" + `, which works like OpenNebula's own drivers.
It reads ` + "`<AUTHN><USERNAME>…</USERNAME><PASSWORD>…</PASSWORD><SECRET>…</SECRET></AUTHN>`" + ` from standard input, where
PASSWORD is what is stored for the user and SECRET what he presented, and exits with 0 to let him in. Its output,
` + "`driver name password [gid …]`" + `, describes a new user (` + "`auth.default`" + `). For drivers that manage groups it also lists the
user's groups: the primary one first, and an asterisk before those that he administers. Successful logins are remembered
for ` + "`auth.session_expiration`" + `.

For core, public, ssh, x509, ldap, saml, server_cipher and server_x509 the defaults are oned.conf's; an entry in
` + "`auth.drivers`" + ` replaces all of them for its name:

    auth:
      default: ldap
      drivers:
        - name: ldap
          no_password: true
          driver_managed_groups: true
          max_token_time: 3600

| setting | default | meaning |
|---|---|---|
`

const networksTail = `
## Network drivers

A network names its driver in VN_MAD. As with oned, this may be any driver of oned.conf, unless ` + "`network.drivers`" + `
lists fewer. The drivers in this table are implemented. VMs in networks of other drivers run on simulated hosts; on real
hosts they fail before anything is copied, with an error that names the implemented drivers.

| driver | where the bridge leads | security groups |
|---|---|---|
| ` + "`bridge`" + ` | to PHYDEV, if the network has one | are ignored |
| ` + "`fw`" + ` | to PHYDEV, if the network has one | are applied |
| ` + "`802.1Q`" + ` | to PHYDEV, tagged with VLAN_ID, through the device PHYDEV.VLAN_ID | are applied |
| ` + "`vxlan`" + ` | to other hosts, by UDP over PHYDEV, separated by VLAN_ID, through the device PHYDEV.VLAN_ID | are applied |
| ` + "`dummy`" + ` | nowhere; nothing is done | are ignored |

The drivers create bridge and device with the first VM on a host, and delete both with the last; what an administrator
created stays. Hosts need iproute2, and for security groups iptables and br_netfilter. What a network does not say in MTU,
VXLAN_MODE, VXLAN_MC, VXLAN_TEP or its CONF (` + "`CONF=\"vxlan_ttl=8\"`" + `) is taken from ` + "`network.conf`" + `, and then from this
list, as in OpenNebulaNetwork.conf:

| in CONF | default | meaning |
|---|---|---|
| ` + "`vlan_mtu`, `vxlan_mtu`" + ` | ` + "`1500`" + ` | MTU of networks without one; in a VXLAN at most 50 less than PHYDEV's |
| ` + "`vxlan_mode`" + ` | ` + "`multicast`" + ` | how hosts find each other: multicast, or evpn through a BGP daemon on the hosts |
| ` + "`vxlan_mc`" + ` | ` + "`239.0.0.0`" + ` | base of multicast groups: a network's group is this address plus its VLAN_ID |
| ` + "`vxlan_tep`" + ` | ` + "`dev`" + ` | with evpn, the source of packets: dev is PHYDEV, local_ip its first address |
| ` + "`vxlan_ttl`" + ` | ` + "`16`" + ` | how many routers packets may pass |
| ` + "`keep_empty_bridge`" + ` | ` + "`no`" + ` | whether bridge and device stay after the last VM |
| ` + "`validate_vlan_id`" + ` | ` + "`no`" + ` | whether a bridge that leads to another VLAN is refused |

IP_LINK_CONF of a network, and ` + "`network.ip_link_conf`" + `, are further options of "ip link add" for the devices of 802.1Q and
vxlan: "dstport=4789" for the port that other implementations use (the kernel's default is 8472), or "nolearning=" for an
option without a value. A PCI device with TYPE=NIC that is a virtual function (SR-IOV) gets MAC, VLAN_ID, SPOOFCHK and TRUST
from its network with the drivers bridge, fw and 802.1Q.
`

// TestDocumentationIsComplete compares docs/configuration.md with the settings:
// each with its default and the comment beside its field.
func TestDocumentationIsComplete(t *testing.T) {
	t.Parallel()
	meaning := comments(t)
	want := docHead + docLines(t, reflect.ValueOf(Default()), "", meaning) +
		listenersHead + docLines(t, reflect.ValueOf(Listener{}), "", meaning) +
		authHead + docLines(t, reflect.ValueOf(AuthDriver{}), "", meaning) + networksTail
	if *update {
		if err := os.WriteFile(docFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(docFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s is not what the code says; run go test ./pkg/config -update:\n%s", docFile, diff)
	}
}

func docLines(t *testing.T, v reflect.Value, prefix string, meaning map[string]string) string {
	var b strings.Builder
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name := prefix + f.Tag.Get("yaml")
		if f.Type.Kind() == reflect.Struct {
			b.WriteString(docLines(t, v.Field(i), name+".", meaning))
			continue
		}
		text := meaning[v.Type().Name()+"."+f.Name]
		if text == "" {
			t.Errorf("%s: its field has no comment", name)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, defaultText(v.Field(i)), text)
	}
	return b.String()
}

func defaultText(v reflect.Value) string {
	if s := fmt.Sprint(v.Interface()); s != "" {
		return "`" + s + "`"
	}
	return "none"
}

// comments reads the comments of all fields, by type and field.
func comments(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "config.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if s, ok := spec.Type.(*ast.StructType); ok {
			for _, f := range s.Fields.List {
				list[spec.Name.Name+"."+f.Names[0].Name] = strings.TrimSpace(f.Comment.Text())
			}
		}
		return true
	})
	return list
}
