package server_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/renkei-vpe/renkei/pkg/config"
)

// sites are two zones: "tokyo tech" is this machine with its libvirt, "nii" has two simulated
// hosts.
type sites struct {
	site
	api     world // the 7.4 API
	disks   string
	image   []byte            // of the guest
	scripts map[string]string // context scripts, by name
}

const (
	// flowBridge with the network 10.78.13.0/24 is used by this test only.
	flowBridge  = "rkflow0"
	flowFirstID = 960_000 // of its VMs
	memoryMiB   = 256
)

func openSites(t *testing.T) sites {
	t.Helper()
	s := sites{image: guestImage(t)}
	makeBridge(t)
	s.disks, s.t = reachable(t), t
	home := t.TempDir()
	s.scripts = guestScripts(t, filepath.Join(home, "share", "vmscripts"))
	s.world = open(t, -1, func(c *config.Config) {
		s.data = c.Data
		c.Storage.Location, c.RVPE.Location = filepath.Join(s.disks, "datastores"), home
		c.Libvirt.ProbeKernel = os.Getenv("RENKEI_TEST_GUEST") + ".vmlinuz"
		c.Listeners = []config.Listener{{Face: "rvpe", Listen: "localhost:0"}}
		beginVMsWith(t, c.Data, flowFirstID)
		if err := os.WriteFile(os.Getenv("ONE_AUTH"), []byte("oneadmin:oneadminpw\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	})
	s.url = "http://" + s.addresses[1] + "/"
	s.api = world{dial(t, s.endpoint, "oneadmin:oneadminpw"), s.endpoint, nil}
	s.build()
	return s
}

// guestImage is the demo guest's image; the test is skipped where real guests cannot run.
func guestImage(t *testing.T) []byte {
	t.Helper()
	guest := os.Getenv("RENKEI_TEST_GUEST")
	switch {
	case os.Getenv("RENKEI_TEST_LIBVIRT") != "1" || guest == "":
		t.Skip("real guests: set RENKEI_TEST_LIBVIRT=1, and RENKEI_TEST_GUEST to a guest image")
	case os.Geteuid() != 0:
		t.Skip("real guests on a bridge: making the bridge takes root")
	}
	data, err := os.ReadFile(guest)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// guestScripts installs RENKEI-VPE's context scripts: the original ones if
// RENKEI_TEST_VMSCRIPTS has their folder (a guest with Ruby then runs them), or else two
// stand-ins.
func guestScripts(t *testing.T, dir string) map[string]string {
	t.Helper()
	texts := map[string]string{"init.rb": "#! /usr/bin/env ruby\nputs 'begins'\n", "final.rb": "#! /usr/bin/env ruby\nputs 'ends'\n"}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name := range texts {
		if from := os.Getenv("RENKEI_TEST_VMSCRIPTS"); from != "" {
			text, err := os.ReadFile(filepath.Join(from, name))
			if err != nil {
				t.Fatal(err)
			}
			texts[name] = string(text)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(texts[name]), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return texts
}

// simulated are the hosts of nii. Their hypervisor is simulated, but their disks are real, so
// the names have to be this machine's.
var simulated = []string{"127.0.0.1", "10.78.13.1"}

// build does the administrator's work. Only the 7.4 API can add hosts of different drivers to a
// cluster.
func (s sites) build() {
	s.t.Helper()
	s.must("rvpe.zone.allocate", adminSession, network("tokyo tech", "10.78.13", flowBridge)+"host: [localhost]\n")
	s.must("rvpe.zone.allocate", adminSession, network("nii", "10.78.14", flowBridge))
	s.must("rvpe.vmtype.allocate", adminSession, fmt.Sprintf("name: small\ncpu: 1\nmemory: %d\nweight: 1\n", memoryMiB))
	nii := clusterNamed(s.t, s.api, "nii")
	for _, name := range simulated {
		s.api.must(s.t, "one.host.allocate", name, "dummy", "dummy", nii)
	}
	s.api.must(s.t, "one.vn.update", 1, "VN_MAD=dummy", 1)
	// RENKEI-VPE's VMs require a host with more free CPUs than they use; on a machine with one
	// CPU that needs overcommitment.
	s.api.must(s.t, "one.host.update", 0, "RESERVED_CPU=-100", 1)
	for id := range 3 {
		s.await("rvpe.host.info", id, "<STATE>2<")
	}
}

// network defines a zone's network with a free lease and one that will be reserved for alice.
func network(zone, prefix, bridge string) string {
	short, _, _ := strings.Cut(zone, " ")
	return strings.NewReplacer("ZONE", zone, "SHORT", short, "PREFIX", prefix, "BRIDGE", bridge).Replace(`name: ZONE
network:
  - {name: lan, address: PREFIX.0, netmask: 255.255.255.0, gateway: PREFIX.1, dns: [PREFIX.2, PREFIX.3], ntp: [PREFIX.4], interface: BRIDGE,
     lease: [{name: vm00.SHORT.net, address: PREFIX.10}, {name: vm01.SHORT.net, address: PREFIX.11}]}
`)
}

func clusterNamed(t *testing.T, api world, name string) int {
	t.Helper()
	answer, err := api.Call(t.Context(), "one.clusterpool.info")
	if err != nil {
		t.Fatal(err)
	}
	for part := range strings.SplitSeq(answer.Text, "<CLUSTER>") {
		if strings.Contains(part, "<NAME>"+name+"</NAME>") {
			return number(t, part, "ID")
		}
	}
	t.Fatalf("there is no cluster %s: %s", name, answer.Text)
	return -1
}

// person is a user with an SSH key.
type person struct {
	session string
	id      int // in RENKEI-VPE
	public  string
	key     ssh.Signer
}

// person makes a user who may run VMs in both zones. The second lease in each zone is reserved
// for the first user.
func (s sites) person(name, session string) person {
	s.t.Helper()
	_, secret, _ := strings.Cut(session, ":")
	p := person{session: name + ":" + secret}
	p.id = int(s.must("rvpe.user.allocate", adminSession, name, secret).(float64))
	for zone := range 2 {
		s.must("rvpe.user.enable_zone", adminSession, p.id, true, zone+1, 1)
	}
	if p.id == 1 {
		s.must("rvpe.lease.assign", adminSession, 2, name)
	}
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	if p.key, err = ssh.NewSignerFromKey(private); err != nil {
		s.t.Fatal(err)
	}
	p.public = strings.TrimSpace(string(ssh.MarshalAuthorizedKey(p.key.PublicKey()))) + " " + name + "@client"
	return p
}

func (s sites) imageID(who person, name string) int {
	s.t.Helper()
	return int(s.must("rvpe.image.ask_id", who.session, name).(float64))
}

// guest is an SSH connection to a guest.
type guest struct {
	t *testing.T
	*ssh.Client
}

// enter logs in to a guest with its owner's key.
func (s sites) enter(who person, address string) guest {
	s.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		c, err := knock(who, address)
		if err == nil {
			s.t.Cleanup(func() { c.Close() })
			return guest{s.t, c}
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("cannot log in to the guest at %s: %v", address, err)
		}
	}
}

// isRefused checks that a guest accepts none of a user's logins.
func (s sites) isRefused(who person, address string) {
	s.t.Helper()
	if c, err := knock(who, address); err == nil || !strings.Contains(err.Error(), "unable to authenticate") {
		s.t.Errorf("%s at %s: %v, %v; want that the key is refused", who.session, address, c, err)
	}
}

func knock(who person, address string) (*ssh.Client, error) {
	return ssh.Dial("tcp", address+":22", &ssh.ClientConfig{
		User: "root", Auth: []ssh.AuthMethod{ssh.PublicKeys(who.key)}, Timeout: 10 * time.Second,
		// The guest's dropbear closes the connection at the default proposals of today's
		// clients.
		Config: ssh.Config{KeyExchanges: []string{"curve25519-sha256"}}, HostKeyAlgorithms: []string{"ssh-ed25519"},
		HostKeyCallback: ssh.InsecureIgnoreHostKey(), // the host key is generated at the first boot
	})
}

// run runs a command in the guest, which has to succeed.
func (g guest) run(command string) string {
	g.t.Helper()
	session, err := g.NewSession()
	if err != nil {
		g.t.Fatal(err)
	}
	defer session.Close()
	var out, complaint bytes.Buffer
	session.Stdout, session.Stderr = &out, &complaint
	if err := session.Run(command); err != nil {
		g.t.Errorf("%s: %v: %s", command, err, &complaint)
	}
	return out.String()
}

// makeBridge makes the guests' bridge.
func makeBridge(t *testing.T) {
	t.Helper()
	_ = exec.Command("ip", "link", "delete", flowBridge).Run() // left by a test that was killed
	for _, words := range []string{"link add " + flowBridge + " up type bridge forward_delay 0", "address add 10.78.13.1/24 dev " + flowBridge} {
		if out, err := exec.Command("ip", strings.Fields(words)...).CombinedOutput(); err != nil {
			t.Fatalf("ip %s: %v: %s", words, err, out)
		}
	}
	t.Cleanup(func() {
		if out, err := exec.Command("ip", "link", "delete", flowBridge).CombinedOutput(); err != nil {
			t.Errorf("removing the bridge: %v: %s", err, out)
		}
	})
}
