package server_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/cli"
	"github.com/renkei-vpe/renkei/pkg/cli/rvpe"
	"github.com/renkei-vpe/renkei/pkg/config"
)

// desk is a user at a shell with RENKEI-VPE's commands.
type desk struct {
	site
	folder string // with his files
	auth   string // file of his credentials
}

// openDesks makes the administrator and a user, who share a folder.
func openDesks(t *testing.T) (admin, user1 desk) {
	t.Helper()
	s := openSite(t, func(c *config.Config) { c.RVPE.ChunkKiB = 100 })
	t.Setenv("PATH", "") // so that qemu-img, if installed, is not run on the image
	t.Setenv("RVPE_XMLRPC", s.url)
	folder := t.TempDir()
	sit := func(user, password string) desk {
		auth := filepath.Join(folder, user+".auth")
		if err := os.WriteFile(auth, []byte(user+":"+password+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return desk{site: s, folder: folder, auth: auth}
	}
	return sit("oneadmin", "oneadminpw"), sit("user1", "pw1")
}

// file writes a file into the folder and answers its path.
func (d desk) file(name, text string) string {
	d.t.Helper()
	path := filepath.Join(d.folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return path
}

// run runs a command and answers its output, errors included.
func (d desk) run(args ...string) (said string, code int) {
	d.t.Helper()
	d.t.Setenv("ONE_AUTH", d.auth)
	var out bytes.Buffer
	code, ok := rvpe.Run(d.t.Context(), args, cli.Stdio{Out: &out, Err: &out})
	if !ok {
		d.t.Fatalf("there is no command %s", args[0])
	}
	return out.String(), code
}

// says runs a command that has to succeed with this output.
func (d desk) says(want string, args ...string) {
	d.t.Helper()
	if said, code := d.run(args...); code != 0 || said != want+"\n" {
		d.t.Errorf("%q says %q with status %d; want %q", args, said, code, want)
	}
}

// fails runs a command that has to fail with this error.
func (d desk) fails(want string, args ...string) {
	d.t.Helper()
	if said, code := d.run(args...); code != 1 || said != want+"\n" {
		d.t.Errorf("%q says %q with status %d; want %q and 1", args, said, code, want)
	}
}

// shows runs a command whose output has to contain these lines, spaces aside.
func (d desk) shows(args []string, lines ...string) {
	d.t.Helper()
	said, code := d.run(args...)
	flat := "\n"
	for line := range strings.Lines(said) {
		flat += strings.Join(strings.Fields(line), " ") + "\n"
	}
	for _, line := range lines {
		if code != 0 || !strings.Contains(flat, "\n"+line+"\n") {
			d.t.Errorf("%q says %q with status %d; want the line %q", args, said, code, line)
		}
	}
}

// TestCommandsOfRENKEIVPE manages a VM with nothing but the commands.
func TestCommandsOfRENKEIVPE(t *testing.T) {
	admin, user1 := openDesks(t)
	zone := admin.file("zone", "name: tokyo\nhost: [h1]\nnetwork:\n  - {name: n, address: 10.1.0.0, netmask: 255.255.0.0, gateway: 10.1.0.1, "+
		"dns: [10.1.0.2], ntp: [10.1.0.3], interface: br0, lease: [{name: a.z, address: 10.1.0.10}, {name: b.z, address: 10.1.0.11}]}\n")
	admin.says("Zone created: tokyo", "rvpezone", "create", zone)
	admin.fails("Error: Zone[tokyo] already exists.", "rvpezone", "create", zone)
	admin.says("VMType[small] is registered.", "rvpevmtype", "create", admin.file("type", "name: small\ncpu: 1\nmemory: 128\nweight: 1\n"))
	admin.says("User[user1] is created.", "rvpeuser", "create", "user1", "pw0")
	user1.fails("Error: Authentication failed: user1", "rvpezone", "list")
	admin.says("Password for User[user1] is changed.", "rvpeuser", "passwd", "user1", "pw1")
	admin.says("User[user1] enabled to use Zone[tokyo] with Quota[2]", "rvpeuser", "enable_zone", "user1", "tokyo", "2")
	admin.says("Lease[b.z] is assigned to User[user1].", "rvpelease", "assign", "b.z", "user1")
	user1.fails("Error: Not the administrator: user1", "rvpeuser", "list")
	user1.shows([]string{"rvpeuser", "info"}, "ZONES : tokyo (QUOTA: 2 USE: 0)", "b.z 10.1.0.11 user1 -")
	admin.shows([]string{"rvpevnet", "listdns", "tokyo"}, "DNS SERVER : 10.1.0.2")
	admin.shows([]string{"rvpezone", "listhost", "tokyo"}, "h1")

	disk, key := user1.file("disk.img", string(disk())), user1.file("key.pub", "ssh-rsa AAAA user1")
	user1.says("Image[ttylinux] is created.", "rvpeimage", "import", user1.file("image", "name:ttylinux\ndescription: small\npath: "+disk+"\n"))
	user1.says("Request done: create VM[b.z]", "rvpevm", "create", "small", "ttylinux", key, "tokyo", "n#b.z")
	user1.until(1, "<LCM_STATE>3</LCM_STATE>")
	user1.shows([]string{"rvpevm", "show", "b.z"}, "NAME : b.z", "STATE : ACTIVE", "IMAGE : ttylinux", ": b.z(10.1.0.11)")
	user1.says("VM[b.z] is marked to save its image on shutdown.", "rvpevm", "mark_save", "b.z", "saved", "as it was")
	user1.fails("Error: [ImageDelete] Error trying to DELETE IMAGE [0]. Returned error code [-1].. Reason: VMs might be running on it.", "rvpeimage", "delete", "ttylinux")

	spared := admin.file("spared", "user1\n")
	if said, code := admin.run("vmkiller", "-f", spared, "-l", admin.file("log", ""), "0"); code != 0 || said != "" {
		t.Errorf("vmkiller prints %q and exits with %d for a user with an exception", said, code)
	}
	admin.says("Request done: shutdown VM[1]", "vmkiller", "-f", filepath.Join(admin.folder, "nobody"), "-l", admin.file("log", ""), "0")
	user1.until(1, "<STATE>6</STATE>")
	user1.shows([]string{"rvpeimage", "show", "saved"}, "NAME : saved", "DESCRIPTION : as it was")
	export := filepath.Join(user1.folder, "out")
	user1.says("Image[ttylinux] is exported to Directory["+export+"].", "rvpeimage", "export", "ttylinux", export)
	if got, err := os.ReadFile(filepath.Join(export, "disk.img")); err != nil || string(got) != readText(t, disk) {
		t.Errorf("the downloaded image has %d bytes, %v", len(got), err)
	}
	user1.says("Image[ttylinux] is deleted.\nImage[saved] is deleted.", "rvpeimage", "delete", "ttylinux", "saved")
	admin.says("ZONE deleted: tokyo", "rvpezone", "delete", "tokyo")
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
