package bridge

import (
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/drivertest"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

func templateOf(t *testing.T, text string) attr.Template {
	t.Helper()
	tmpl, err := attr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return tmpl
}

// guest is a VM whose first NIC is in groups 0 and 100.
func guest(t *testing.T, id int, more, rules string) (drivers.VM, drivers.NIC) {
	t.Helper()
	vm := drivers.VM{ID: id, Template: templateOf(t, rules)}
	nic := templateOf(t, `NIC=[NIC_ID=0,BRIDGE=br7,SECURITY_GROUPS="0,100"`+more+`]`)
	return vm, drivers.NIC{ID: 0, Attrs: nic[0]}
}

func TestRulesInIptablesWords(t *testing.T) {
	t.Parallel()
	rule := func(text string) string { return "SECURITY_GROUP_RULE=[SECURITY_GROUP_ID=100," + text + "]\n" }
	for text, want := range map[string][2]string{
		"PROTOCOL=ALL,RULE_TYPE=OUTBOUND":                                      {"-A o -j RETURN", "-A o -j RETURN"},
		`PROTOCOL=TCP,RULE_TYPE=inbound,RANGE="22,80:90"`:                      {"-A i -p tcp -m multiport --dports 22,80:90 -j RETURN", "-A i -p tcp -m multiport --dports 22,80:90 -j RETURN"},
		"PROTOCOL=ICMP,RULE_TYPE=inbound,ICMP_TYPE=8":                          {"-A i -p icmp --icmp-type 8 -j RETURN", ""},
		"PROTOCOL=ICMPV6,RULE_TYPE=inbound,ICMPV6_TYPE=128":                    {"", "-A i -p icmpv6 --icmpv6-type 128 -j RETURN"},
		"PROTOCOL=IPSEC,RULE_TYPE=inbound":                                     {"-A i -p esp -j RETURN", "-A i -p esp -j RETURN"},
		"PROTOCOL=UDP,RULE_TYPE=inbound,IP=10.0.0.250,SIZE=10":                 {"-A i -p udp -m iprange --src-range 10.0.0.250-10.0.1.3 -j RETURN", ""},
		"PROTOCOL=ALL,RULE_TYPE=outbound,IP=255.255.255.250,SIZE=10":           {"-A o -m iprange --dst-range 255.255.255.250-255.255.255.255 -j RETURN", ""},
		`PROTOCOL=ALL,RULE_TYPE=outbound,IP="fd00::ff",SIZE=2`:                 {"", "-A o -m iprange --dst-range fd00::ff-fd00::100 -j RETURN"},
		`PROTOCOL=ALL,RULE_TYPE=inbound,IP="fd00::",SIZE=18446744073709551615`: {"", "-A i -m iprange --src-range fd00::-fd00::ffff:ffff:ffff:fffe -j RETURN"},
		`PROTOCOL=ALL,RULE_TYPE=inbound,SIZE=2,IP=10.0.0.1,IP6="fd00::1",IP6_ULA="fd01::1",IP6_GLOBAL="2001:db8::1"`: {
			"-A i -m iprange --src-range 10.0.0.1-10.0.0.2 -j RETURN",
			"-A i -m iprange --src-range fd00::1-fd00::2 -j RETURN\n-A i -m iprange --src-range fd01::1-fd01::2 -j RETURN\n" +
				"-A i -m iprange --src-range 2001:db8::1-2001:db8::2 -j RETURN",
		},
		"PROTOCOL=ALL,RULE_TYPE=inbound,SIZE=5": {"", ""},
	} {
		vm, nic := guest(t, 7, "", rule(text))
		c, err := cardOf(vm, nic)
		if err != nil {
			t.Fatal(err)
		}
		for n, f := range families {
			lines, err := c.allowed(f, "i", "o")
			if got := strings.Join(lines, "\n"); got != want[n] || err != nil {
				t.Errorf("%s, %s: got %q, %v; want %q", text, f.tool, got, err, want[n])
			}
		}
	}
	for _, text := range []string{`PROTOCOL=TCP,RULE_TYPE=inbound,RANGE="1 -j ACCEPT"`, "PROTOCOL=X", `PROTOCOL=ICMP,ICMP_TYPE="8\n-F"`} {
		vm, nic := guest(t, 7, "", rule(text))
		c, _ := cardOf(vm, nic)
		if lines, err := c.allowed(families[0], "i", "o"); err == nil {
			t.Errorf("%s: got %q, want an error", text, lines)
		}
	}
}

// TestHostsThatCannotFilter: NICs without filtering can be set up there, others cannot.
func TestHostsThatCannotFilter(t *testing.T) {
	t.Parallel()
	const all = "SECURITY_GROUP_RULE=[SECURITY_GROUP_ID=0,PROTOCOL=ALL,RULE_TYPE=OUTBOUND]\nSECURITY_GROUP_RULE=[SECURITY_GROUP_ID=0,PROTOCOL=ALL,RULE_TYPE=INBOUND"
	for _, c := range []struct {
		more, rules string
		served      bool
	}{
		{"", all + "]", true},
		{",FILTER_MAC_SPOOFING=YES,MAC=\"02:00:00:00:00:01\"", all + "]", false},
		{",FILTER_IP_SPOOFING=YES", all + "]", false},
		{"", all + ",RANGE=22]", false},
		{"", all + ",IP=10.0.0.1,SIZE=1]", false},
		{"", "", false},
	} {
		k := newKernel("p0")
		k.unfiltered = true
		vm, nic := guest(t, 7, ",PHYDEV=p0"+c.more, c.rules)
		f := &Firewall{over(k, plain)}
		if err := f.Setup(t.Context(), host, vm, nic); (err == nil) != c.served {
			t.Errorf("NIC%s with %q: Setup = %v", c.more, c.rules, err)
		}
		if err := f.Clean(t.Context(), host, vm, nic); err == nil || k.devices["br7"] != nil {
			t.Errorf("Clean = %v, and there is %v: want no iptables, and no bridge", err, k.devices["br7"])
		}
	}
}

func TestSpoofing(t *testing.T) {
	t.Parallel()
	vm, nic := guest(t, 7, `,MAC="02:00:00:00:00:01",IP=10.0.0.1,VROUTER_IP=10.0.0.9,IP6_LINK="fe80::1",FILTER_MAC_SPOOFING=YES,FILTER_IP_SPOOFING=YES`,
		"NIC_ALIAS=[PARENT_ID=0,IP=10.0.0.2]\nNIC_ALIAS=[PARENT_ID=1,IP=10.0.0.3]")
	c, err := cardOf(vm, nic)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"-A o -m mac ! --mac-source 02:00:00:00:00:01 -j DROP",
		"-A o -p udp -s 0.0.0.0/32 --sport 68 -d 255.255.255.255/32 --dport 67 -j RETURN",
		"-A o -j s", "-A s -s 10.0.0.1 -j RETURN", "-A s -s 10.0.0.9 -j RETURN", "-A s -s 10.0.0.2 -j RETURN", "-A s -j DROP",
	}
	if diff := cmp.Diff(want, c.spoofing(families[0], "o", "s")); diff != "" {
		t.Errorf("iptables (-want +got):\n%s", diff)
	}
	if _, nic := guest(t, 7, `,TARGET="x y"`, ""); true {
		if _, err := cardOf(vm, nic); err == nil {
			t.Error("a name that is none was taken")
		}
	}
}

// withFirewall is a lab whose kernel can filter bridged packets.
func withFirewall(t *testing.T) (lab, *Firewall) {
	t.Helper()
	l := withPHY(t)
	if _, err := exec.LookPath("iptables"); err != nil {
		t.Skip("no iptables here: ", err)
	}
	f := &Firewall{l.n}
	if err := f.ready(t.Context(), host); err != nil {
		t.Skip(err)
	}
	return l, f
}

func TestContractOfTheFirewall(t *testing.T) {
	t.Parallel()
	drivertest.RunNetwork(t, func(t *testing.T) drivertest.Network {
		l, f := withFirewall(t)
		return drivertest.Network{Driver: f, Host: host, NIC: made, Ready: func(t *testing.T) bool { return l.has(t, "br7") }}
	})
}

// in runs f in the network namespace of a process.
func in(t *testing.T, pid int, f func() error) error {
	t.Helper()
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked, so that the thread ends with the goroutine
		ns, err := os.Open("/proc/" + strconv.Itoa(pid) + "/ns/net")
		if err == nil {
			defer ns.Close()
			err = unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET)
		}
		if err == nil {
			err = f()
		}
		done <- err
	}()
	return <-done
}

// plug connects a namespace to the bridge, as the guest of a VM, and answers its process.
func (l lab) plug(t *testing.T, vm int, address string) int {
	t.Helper()
	hold := exec.Command("unshare", "-n", "sh", "-c", "echo up; exec cat")
	stdin, err := hold.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := hold.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := hold.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stdin.Close(); _ = hold.Wait() })
	if _, err := stdout.Read(make([]byte, 3)); err != nil {
		t.Fatal(err)
	}
	pid, tap := strconv.Itoa(hold.Process.Pid), "one-"+strconv.Itoa(vm)+"-0"
	l.ip(t, "link add name "+tap+" type veth peer name eth0 netns "+pid)
	l.ip(t, "link set dev "+tap+" master br7")
	l.ip(t, "link set dev "+tap+" up")
	for _, args := range []string{"addr add " + address + "/24 dev eth0", "link set dev eth0 up", "link set dev lo up"} {
		cmd := exec.Command("nsenter", append([]string{"-n/proc/" + pid + "/ns/net", "ip"}, strings.Fields(args)...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("ip %s: %v: %s", args, err, out)
		}
	}
	return hold.Process.Pid
}

// TestOnlyWhatIsAllowedGoesThrough has two guests on a bridge, one of which listens on two
// ports.
func TestOnlyWhatIsAllowedGoesThrough(t *testing.T) {
	t.Parallel()
	l, f := withFirewall(t)
	const out = "SECURITY_GROUP_RULE=[SECURITY_GROUP_ID=0,PROTOCOL=ALL,RULE_TYPE=OUTBOUND]\n"
	allow := func(port string) {
		vm, nic := guest(t, 7, ",PHYDEV=p0", out+"SECURITY_GROUP_RULE=[SECURITY_GROUP_ID=100,PROTOCOL=TCP,RULE_TYPE=INBOUND,RANGE="+port+"]")
		for range 2 { // the second time changes nothing
			if err := f.Activate(t.Context(), host, vm, nic); err != nil {
				t.Fatal(err)
			}
		}
	}
	vm, nic := guest(t, 7, ",PHYDEV=p0", out)
	if err := f.Setup(t.Context(), host, vm, nic); err != nil {
		t.Fatal(err)
	}
	server, client := l.plug(t, 7, "10.9.0.1"), l.plug(t, 8, "10.9.0.2")
	for _, port := range []string{"22", "23"} {
		err := in(t, server, func() error {
			ear, err := net.Listen("tcp", "10.9.0.1:"+port)
			if err == nil {
				t.Cleanup(func() { ear.Close() })
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	reach := func(port string, patience time.Duration) error {
		return in(t, client, func() error {
			c, err := net.DialTimeout("tcp", "10.9.0.1:"+port, patience)
			if err == nil {
				c.Close()
			}
			return err
		})
	}
	check := func(open, closed string) {
		t.Helper()
		if err := reach(open, time.Minute); err != nil {
			t.Fatalf("port %s should be open: %v\n%s", open, err, l.rules(t))
		}
		if err := reach(closed, 300*time.Millisecond); err == nil {
			t.Errorf("port %s should be closed\n%s", closed, l.rules(t))
		}
	}
	allow("22")
	check("22", "23")
	allow("23")
	check("23", "22")
	if err := f.Clean(t.Context(), host, vm, nic); err != nil {
		t.Fatal(err)
	}
	if left := l.rules(t); strings.Contains(left, "one-7-0") {
		t.Errorf("rules left after Clean:\n%s", left)
	}
	if err := reach("22", time.Minute); err != nil {
		t.Errorf("without rules all packets should pass: %v", err)
	}
}

func (l lab) rules(t *testing.T) string {
	t.Helper()
	out, err := l.run("iptables", "-w", "10", "-S")
	if err != nil {
		t.Fatal(err)
	}
	return out
}
