package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestSixStepsOfThePaper follows the six steps in RENKEI-VPE's paper: a request; a host is
// chosen in the zone that it names; the image is fetched; the guest boots with its owner's key
// and its network; it is saved as an image, from which another user boots; and when it is
// stopped, nothing is left on its host.
func TestSixStepsOfThePaper(t *testing.T) {
	s := openSites(t)
	alice, bob := s.person("alice", user1Session), s.person("bob", user2Session)
	s.bringThis(alice.session, "name: guest\nio_bus: virtio\nnic_model: virtio\npath: ./disk.img", s.image)
	elsewhere := s.request(alice, "guest", "nii", "lan")
	first := s.request(alice, "guest", "tokyo tech", "lan#vm01.tokyo.net")
	s.follow(first)
	s.wasPlaced(first, "localhost")
	s.wasPlaced(elsewhere, simulated...)
	s.wasFetched(first)
	s.wasFetched(elsewhere)
	guest := s.enter(alice, "10.78.13.11")
	s.hasContext(guest, first)
	guest.run("echo kept >/data/mine && sync")
	s.isRefused(bob, "10.78.13.11")

	s.must("rvpe.vm.mark_save", alice.session, first.id, "saved", "what alice did")
	s.stop(alice, first)
	s.until(first.id, "<STATE>6<")
	s.isWiped(first)
	s.refused("Image[saved] is not found. ", "rvpe.image.ask_id", bob.session, "saved")
	s.must("rvpe.image.publish", alice.session, s.imageID(alice, "saved"), true)

	second := s.request(bob, "saved", "tokyo tech", "lan")
	s.follow(second)
	s.wasPlaced(second, "localhost")
	guest = s.enter(bob, "10.78.13.10")
	if got := guest.run("cat /data/mine"); got != "kept\n" {
		t.Errorf("the image that was saved has %q where alice wrote", got)
	}
	s.isRefused(alice, "10.78.13.10")
	s.must("rvpe.vm.action", bob.session, second.id, "finalize")
	s.until(second.id, "<STATE>6<")
	s.isWiped(second)
	s.must("rvpe.vm.action", alice.session, elsewhere.id, "finalize")
	s.until(elsewhere.id, "<STATE>6<")
	s.isWiped(elsewhere)
}

// trip is a VM with the times at which each part of its deployment was observed.
type trip struct {
	id      int // in RENKEI-VPE
	name    string
	address string
	zone    int
	host    int
	owner   person
	dir     string // of its disks, if it is on this machine
	asked   time.Time
	seen    map[string]time.Duration
}

// request is step 1.
func (s sites) request(who person, image, zone, networks string) *trip {
	s.t.Helper()
	tr := &trip{owner: who, asked: time.Now(), seen: map[string]time.Duration{}}
	answer := s.must("rvpe.vm.allocate", who.session, "small", s.imageID(who, image), who.public, zone, networks)
	tr.id = int(answer.(float64))
	xml := s.must("rvpe.vm.info", who.session, tr.id).(string)
	tr.name, tr.address, tr.zone = between(xml, "<NAME>", "<"), between(xml, "<ADDRESS>", "<"), number(s.t, xml, "ZONE_ID")
	tr.dir = filepath.Join(s.disks, "datastores", "0", strconv.Itoa(number(s.t, xml, "VMID")))
	return tr
}

// parts are the parts of a deployment in order, and how each is observed. They are looked for
// from the last to the first, so that a later part never seems to come before an earlier one.
var parts = []struct {
	name string
	done func(s sites, tr *trip) bool
}{
	{"host chosen", func(s sites, tr *trip) bool { return strings.Contains(s.info(tr), "<HID>") }},
	{"image fetched", func(_ sites, tr *trip) bool { _, err := os.Stat(filepath.Join(tr.dir, "disk.0")); return err == nil }},
	{"prepared", func(s sites, tr *trip) bool { return booting.MatchString(s.info(tr)) }},
	{"booted", func(_ sites, tr *trip) bool {
		log, err := os.ReadFile(filepath.Join(tr.dir, "console.log"))
		return err == nil && strings.Contains(string(log), "GUEST-UP")
	}},
}

// booting matches a VM in BOOT or RUNNING.
var booting = regexp.MustCompile("<LCM_STATE>[23]<")

func (s sites) info(tr *trip) string { return s.must("rvpe.vm.info", adminSession, tr.id).(string) }

// follow waits for a guest, and logs the times that the paper measured: all from the request
// on, except the fetch, from the choice of a host on.
func (s sites) follow(tr *trip) {
	s.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); len(tr.seen) < len(parts); time.Sleep(5 * time.Millisecond) {
		now := time.Since(tr.asked) // one time for all that this poll observes
		for i := len(parts) - 1; i >= 0; i-- {
			if _, known := tr.seen[parts[i].name]; !known && parts[i].done(s, tr) {
				tr.seen[parts[i].name] = now
			}
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("%s is not up: %v\n%s\n%s", tr.name, tr.seen, s.info(tr), s.why(tr))
		}
	}
	for i, p := range parts[1:] {
		if tr.seen[p.name] < tr.seen[parts[i].name] {
			s.t.Errorf("%s: %s before %s: %v", tr.name, p.name, parts[i].name, tr.seen)
		}
	}
	s.t.Logf("%s: time to boot %.2f s = to prepare %.2f s (image fetched in %.3f s) + prepared to booted %.2f s", tr.name,
		tr.seen["booted"].Seconds(), tr.seen["prepared"].Seconds(), (tr.seen["image fetched"] - tr.seen["host chosen"]).Seconds(),
		(tr.seen["booted"] - tr.seen["prepared"]).Seconds())
}

// why is the VM in the 7.4 API: what it waits for, and errors.
func (s sites) why(tr *trip) string {
	id, err := strconv.Atoi(filepath.Base(tr.dir))
	if err != nil {
		return err.Error()
	}
	answer, err := s.api.Call(s.t.Context(), "one.vm.info", id)
	if err != nil {
		return err.Error()
	}
	return between(answer.Text, "<USER_TEMPLATE>", "</USER_TEMPLATE>")
}

// wasPlaced is step 2: a host in the requested zone.
func (s sites) wasPlaced(tr *trip, hosts ...string) {
	s.t.Helper()
	s.until(tr.id, "<HID>")
	_, history, _ := strings.Cut(s.info(tr), "<HISTORY>")
	tr.host = number(s.t, history, "HID")
	got := between(history, "<HOSTNAME>", "<")
	if !slices.Contains(hosts, got) {
		s.t.Errorf("%s is on %s, which is not in the requested zone", tr.name, got)
	}
}

// wasFetched is step 3: the disk is an overlay over the image, and the swap disk is half as
// much again as the memory.
func (s sites) wasFetched(tr *trip) {
	s.t.Helper()
	out, err := exec.Command("qemu-img", "info", "-U", "--output=json", filepath.Join(tr.dir, "disk.0")).CombinedOutput()
	if err != nil {
		s.t.Fatalf("disk.0 of %s: %v: %s", tr.name, err, out)
	}
	var disk struct {
		Base string `json:"full-backing-filename"`
	}
	if err := json.Unmarshal(out, &disk); err != nil {
		s.t.Fatal(err)
	}
	if base, err := os.ReadFile(disk.Base); err != nil || !bytes.Equal(base, s.image) {
		s.t.Errorf("%s has the backing file %q, which is not the image: %v", tr.name, disk.Base, err)
	}
	swap, err := os.Stat(filepath.Join(tr.dir, "disk.1"))
	if err != nil || swap.Size() != memoryMiB*3/2<<20 {
		s.t.Errorf("the swap space of %s: %v, %v", tr.name, swap, err)
	}
}

// hasContext is step 4: RENKEI-VPE's scripts are on the CD, with the variables that they read.
func (s sites) hasContext(g guest, tr *trip) {
	s.t.Helper()
	if diff := cmp.Diff(s.told(tr), read(g.run("cat /mnt/context.sh"))); diff != "" {
		s.t.Errorf("what init.rb reads (-want +got):\n%s", diff)
	}
	for name, text := range s.scripts {
		if got := g.run("test -x /mnt/" + name + " && cat /mnt/" + name); got != text {
			s.t.Errorf("%s on the CD has %d bytes, want %d to run", name, len(got), len(text))
		}
	}
	for command, want := range map[string]string{
		"hostname":             tr.name,
		"cat /mnt/root.pub":    tr.owner.public,
		"ip route":             "default via 10.78.13.1 ",
		"cat /etc/resolv.conf": "nameserver 10.78.13.2\nnameserver 10.78.13.3",
	} {
		if got := g.run(command); !strings.Contains(got, want) {
			s.t.Errorf("%s says %q in the guest, want %q", command, got, want)
		}
	}
}

// told are all variables that RENKEI-VPE's init.rb and final.rb read, and the one that makes
// every context unique.
func (s sites) told(tr *trip) map[string]string {
	return map[string]string{
		"HOSTNAME": tr.name, "PRIMARY_IPADDR": tr.address, "PERSISTENT": "0", "ROOT_PUBKEY": "root.pub",
		"ETH0_HWADDR": macOf(tr.address), "ETH0_IPADDR": tr.address, "ETH0_NETWORK": "10.78.13.0", "ETH0_NETMASK": "255.255.255.0",
		"ETH0_GATEWAY": "10.78.13.1", "NAMESERVERS": "10.78.13.2 10.78.13.3", "NTPSERVERS": "10.78.13.4", "CREATE_DATE": "TIME",
	}
}

// read parses context.sh as RENKEI-VPE's scripts do, which is not as a shell would: a value is
// what is between the double quotes of its line.
func read(text string) map[string]string {
	vars := map[string]string{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if m := between(value, `"`, `"`); `"`+m+`"` == value {
			value = m
		}
		if key == "CREATE_DATE" && regexp.MustCompile(`^\d+$`).MatchString(value) {
			value = "TIME"
		}
		vars[key] = value
	}
	return vars
}

// stop is the explicit stop of step 6. The image is saved before it, in step 5.
func (s sites) stop(who person, tr *trip) {
	s.t.Helper()
	s.must("rvpe.vm.action", who.session, tr.id, "shutdown")
	s.await("rvpe.image.info", s.imageID(who, "saved"), "<STATE>1<")
}

// isWiped is step 6: nothing of the VM is left on the host, and its leases and quota are
// released.
func (s sites) isWiped(tr *trip) {
	s.t.Helper()
	if _, err := os.Stat(tr.dir); !os.IsNotExist(err) {
		s.t.Errorf("the folder of %s is left: %v", tr.name, err)
	}
	if left := domains(s.t, flowFirstID); len(left) > 0 {
		s.t.Errorf("domains are left: %v", left)
	}
	links, err := os.ReadDir("/sys/class/net/" + flowBridge + "/brif")
	if err != nil || len(links) > 0 {
		s.t.Errorf("interfaces are left on the bridge: %v, %v", links, err)
	}
	lease := int(s.must("rvpe.lease.ask_id", adminSession, tr.name).(float64))
	s.await("rvpe.lease.info", lease, "<USED>0<")
	user := s.must("rvpe.user.info", tr.owner.session, tr.owner.id).(string)
	if uses := strings.Split(between(user, "<ZONE_USES>", "<"), ";"); uses[tr.zone-1] != "0" {
		s.t.Errorf("%s still counts in its owner's quota: %s", tr.name, user)
	}
	s.await("rvpe.host.info", tr.host, "<RUNNING_VMS>0<")
}

// macOf is the MAC for an IP.
func macOf(ip string) string {
	var b [4]int
	_, err := fmt.Sscanf(ip, "%d.%d.%d.%d", &b[0], &b[1], &b[2], &b[3])
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("02:00:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3])
}
