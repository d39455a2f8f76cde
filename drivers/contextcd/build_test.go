package contextcd

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
)

// sampleFiles has names and lengths that are known to cause trouble.
func sampleFiles(t *testing.T) []drivers.File {
	t.Helper()
	onDisk := filepath.Join(t.TempDir(), "source")
	if err := os.WriteFile(onDisk, []byte("from the front end\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	files := []drivers.File{
		{Name: "context.sh", Data: []byte("A='1'\n")},
		{Name: "init.sh", Path: onDisk},
		{Name: "empty", Data: []byte{}},
		{Name: "sector", Data: bytes.Repeat([]byte("x"), blockBytes)},
		{Name: "big.bin", Data: bytes.Repeat([]byte("0123456789"), 300_000)},
		{Name: "Two Words.Txt", Data: []byte("2")},
		{Name: "a-long-name-that-8.3-cannot-say.tar.gz", Data: []byte("3")},
		{Name: "a-long-name-that-8.3-cannot-tell.tar.gz", Data: []byte("4")},
		{Name: strings.Repeat("n", 190), Data: []byte("5")},
	}
	for i := range 60 {
		files = append(files, drivers.File{Name: fmt.Sprintf("script-%02d.sh", i), Data: fmt.Appendf(nil, "echo %d\n", i)})
	}
	return files
}

func build(t *testing.T, files []drivers.File) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "disk.1")
	if err := Build(path, files); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSameFilesGiveSameBytes(t *testing.T) {
	t.Parallel()
	files := sampleFiles(t)[:6] // no two names that begin alike
	one, err := os.ReadFile(build(t, files))
	if err != nil {
		t.Fatal(err)
	}
	two, err := os.ReadFile(build(t, files))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one, two) {
		for i := range one {
			if one[i] != two[i] {
				t.Fatalf("first difference at byte %d (sector %d + %d) of %d", i, i/blockBytes, i%blockBytes, len(one))
			}
		}
		t.Fatalf("lengths %d and %d", len(one), len(two))
	}
}

// TestISOInfoReadsTheCD reads the CD with another implementation.
func TestISOInfoReadsTheCD(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("isoinfo"); err != nil {
		t.Skip("no isoinfo here: install genisoimage")
	}
	cd := build(t, sampleFiles(t))
	out, err := exec.Command("isoinfo", "-d", "-i", cd).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Volume id: " + Label, "Rock Ridge", "Joliet"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("isoinfo does not say %q:\n%s", want, out)
		}
	}
	for _, f := range sampleFiles(t) {
		got, err := exec.Command("isoinfo", "-R", "-i", cd, "-x", "/"+f.Name).Output()
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if !bytes.Equal(got, content(t, f)) {
			t.Errorf("%s has %d bytes on the CD, not the %d it was given", f.Name, len(got), len(content(t, f)))
		}
	}
}

// TestScriptsStayPrograms: guests of RENKEI-VPE run scripts directly from the CD.
func TestScriptsStayPrograms(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("isoinfo"); err != nil {
		t.Skip("no isoinfo here: install genisoimage")
	}
	script := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(script, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	cd := build(t, []drivers.File{{Name: "context.sh", Data: []byte("A='1'\n")}, {Name: "init.rb", Path: script}})
	out, err := exec.Command("isoinfo", "-R", "-l", "-i", cd).Output()
	if err != nil {
		t.Fatal(err)
	}
	modes := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if words := strings.Fields(line); len(words) > 1 {
			modes[words[len(words)-1]] = words[0]
		}
	}
	if modes["init.rb"] != "-rwxr-xr-x" || modes["context.sh"] != "-rw-r--r--" {
		t.Errorf("the CD has %v, want init.rb as a program and context.sh not", modes)
	}
}

// TestKernelMountsTheCD mounts the CD as a guest does.
func TestKernelMountsTheCD(t *testing.T) {
	t.Parallel()
	cd, mnt := build(t, sampleFiles(t)), t.TempDir()
	if out, err := exec.Command("mount", "-o", "loop,ro", "-t", "iso9660", cd, mnt).CombinedOutput(); err != nil {
		t.Skipf("no loop mount here: %v: %s", err, out)
	}
	defer func() {
		if out, err := exec.Command("umount", mnt).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	}()
	want, got := map[string]string{}, map[string]string{}
	for _, f := range sampleFiles(t) {
		want[f.Name] = string(content(t, f))
	}
	entries, err := os.ReadDir(mnt)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(mnt, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got[e.Name()] = string(data)
		if info, err := e.Info(); err != nil || !info.ModTime().Equal(epoch) {
			t.Errorf("%s is of %v, %v; want %v", e.Name(), info.ModTime(), err, epoch)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%.2000s", diff)
	}
}

func content(t *testing.T, f drivers.File) []byte {
	t.Helper()
	if f.Path == "" {
		return f.Data
	}
	data, err := os.ReadFile(f.Path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestBuildRefuses(t *testing.T) {
	t.Parallel()
	big := filepath.Join(t.TempDir(), "big")
	if err := os.WriteFile(big, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(big, maxBytes+1); err != nil {
		t.Fatal(err)
	}
	many := make([]drivers.File, maxFiles+1)
	for name, c := range map[string]struct {
		files []drivers.File
		want  string
	}{
		"folder in name":   {[]drivers.File{{Name: "../../etc/passwd"}}, "without folders"},
		"dots":             {[]drivers.File{{Name: ".."}}, "without folders"},
		"no name":          {[]drivers.File{{}}, "without folders"},
		"long name":        {[]drivers.File{{Name: strings.Repeat("x", 201)}}, "longer than 200"},
		"one name twice":   {[]drivers.File{{Name: "a"}, {Name: "a"}}, "two files have this name"},
		"too much":         {[]drivers.File{{Name: "a", Data: []byte("x")}, {Name: "b", Path: big}}, "more than the 64 MiB"},
		"too many":         {many, "more than the 1000"},
		"no such file":     {[]drivers.File{{Name: "a", Path: "/nonexistent/file"}}, "/nonexistent/file"},
		"folder as source": {[]drivers.File{{Name: "a", Path: t.TempDir()}}, "file a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "disk.1")
			err := Build(path, c.files)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Build = %v, want an error about %q", err, c.want)
			}
			if _, err := os.Stat(path); err == nil {
				t.Error("an image was left behind")
			}
		})
	}
}
