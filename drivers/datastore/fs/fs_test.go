package fs

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/drivertest"
	"github.com/renkei-vpe/renkei/drivers/remote"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// lab is a datastore whose SAFE_DIRS is the folder safe.
type lab struct {
	store *Store
	ds    drivers.Datastore
	safe  string
}

func newLab(t *testing.T) lab {
	t.Helper()
	if _, err := exec.LookPath("qemu-img"); err != nil {
		t.Skip("no qemu-img here: install qemu-utils")
	}
	runner, err := remote.New(remote.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := runner.Close(); err != nil {
			t.Error(err)
		}
	})
	safe := t.TempDir()
	return lab{
		store: New(Config{Runner: runner, Restricted: []string{"/etc"}}), safe: safe,
		ds: drivers.Datastore{ID: 1, Path: filepath.Join(t.TempDir(), "datastores", "1"), Attrs: template(t, `RESTRICTED_DIRS="/" SAFE_DIRS="/var/nothing `+safe+`"`)},
	}
}

func template(t *testing.T, text string) attr.Template {
	t.Helper()
	tpl, err := attr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

// file makes a file in the safe folder.
func (l lab) file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(l.safe, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// image makes an image of 8 MiB in the safe folder.
func (l lab) image(t *testing.T, format string, args ...string) string {
	t.Helper()
	path := filepath.Join(l.safe, "image."+format)
	args = append(append([]string{"create", "-q", "-f", format}, args...), path, "8M")
	if out, err := exec.Command("qemu-img", args...).CombinedOutput(); err != nil {
		t.Fatalf("qemu-img: %v: %s", err, out)
	}
	return path
}

func TestContract(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"raw", "qcow2"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			drivertest.RunDatastore(t, func(t *testing.T) drivertest.Datastore {
				l := newLab(t)
				return drivertest.Datastore{
					Driver: l.store, Store: l.ds, Image: drivers.ImageSpec{ID: 3, Path: l.image(t, format)},
					Exists: func(t *testing.T, source string) bool {
						left, err := filepath.Glob(source + "*")
						if err != nil {
							t.Fatal(err)
						}
						return len(left) > 0
					},
					HalfMake: func(t *testing.T, source string) {
						for _, name := range []string{".new", ".new.part"} {
							if err := os.WriteFile(source+name, []byte("half"), 0o600); err != nil {
								t.Fatal(err)
							}
						}
					},
					Outside: []string{"", "/etc/passwd", l.ds.Path, l.ds.Path + "/", l.ds.Path + "/..", l.ds.Path + "/../2/x", l.ds.Path + "/a/b", "x"},
				}
			})
		})
	}
}

func TestRefusedPaths(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	link, folder := filepath.Join(l.safe, "link"), filepath.Join(l.safe, "folder")
	if err := errors.Join(os.Symlink("/etc/passwd", link), os.Mkdir(folder, 0o755)); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/etc/passwd":                     "RESTRICTED_DIRS",
		"/":                               "RESTRICTED_DIRS",
		l.safe + "/../x":                  "RESTRICTED_DIRS",
		l.safe + "x/y":                    "RESTRICTED_DIRS",
		link:                              "RESTRICTED_DIRS",
		l.safe + "/absent":                "/absent' (No such file or directory)",
		folder:                            "not a regular file",
		l.file(t, "empty", ""):            "empty file",
		"relative/path":                   "whole path",
		"ftp://host/image":                "http and https",
		"file:///etc/passwd":              "http and https",
		l.file(t, "vmdk", "KDMV....."):    "VMDK",
		l.file(t, "vhdx", "vhdxfile..."):  "VHDX",
		l.file(t, "short", "QFI\xfb\x00"): "cut off",
		l.file(t, "lz", "QFI\xfb\x00\x00\x00\x01"+strings.Repeat("\x00", 100)): "QCOW version 1",
		l.image(t, "vdi"): "VDI",
	} {
		for what, call := range map[string]func(context.Context, drivers.Datastore, drivers.ImageSpec) (drivers.Stored, error){
			"Stat": l.store.Stat, "Import": func(ctx context.Context, ds drivers.Datastore, img drivers.ImageSpec) (drivers.Stored, error) {
				return l.store.Import(ctx, ds, img, nil)
			},
		} {
			if st, err := call(t.Context(), l.ds, drivers.ImageSpec{ID: 3, Path: path}); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s of %s = %+v, %v; want an error about %q", what, path, st, err, want)
			}
		}
	}
	l.leavesNothing(t)
}

func (l lab) leavesNothing(t *testing.T) {
	t.Helper()
	if left, err := os.ReadDir(l.ds.Path); err != nil && !errors.Is(err, os.ErrNotExist) || len(left) > 0 {
		t.Errorf("left in the datastore: %v, %v", left, err)
	}
}

// TestQcow2CannotReadOtherFiles imports images with backing files and the like, which would
// give a guest access to files of the host.
func TestQcow2CannotReadOtherFiles(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"backing file": {"-b", "/etc/passwd", "-F", "raw"},
		"data file":    {"-o", "data_file=DIR/data"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			path := l.image(t, "qcow2", strings.Split(strings.ReplaceAll(strings.Join(args, " "), "DIR", l.safe), " ")...)
			if out, err := exec.Command("gzip", "-k", path).CombinedOutput(); err != nil {
				t.Fatalf("gzip: %v: %s", err, out)
			}
			for _, path := range []string{path, path + ".gz"} {
				if _, err := l.store.Import(t.Context(), l.ds, drivers.ImageSpec{ID: 3, Path: path}, nil); err == nil || !strings.Contains(err.Error(), "qemu-img convert") {
					t.Errorf("Import of %s = %v, want an error that tells how to flatten it", path, err)
				}
			}
			l.leavesNothing(t)
		})
	}
}

func TestUnpacks(t *testing.T) {
	t.Parallel()
	for _, packer := range []string{"gzip", "bzip2", "xz", "zstd"} {
		t.Run(packer, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(packer); err != nil {
				t.Skip("no ", packer, " here")
			}
			l := newLab(t)
			packed, err := exec.Command(packer, "-c", l.file(t, "raw", strings.Repeat("content ", 300_000))).Output()
			if err != nil {
				t.Fatal(err)
			}
			img := drivers.ImageSpec{ID: 3, Path: l.file(t, "packed", string(packed))}
			stat, err := l.store.Stat(t.Context(), l.ds, img)
			if err != nil {
				t.Fatal(err)
			}
			got, err := l.store.Import(t.Context(), l.ds, img, nil)
			if err != nil {
				t.Fatal(err)
			}
			if content, err := os.ReadFile(got.Source); err != nil || string(content) != strings.Repeat("content ", 300_000) {
				t.Errorf("%d bytes were stored, %v", len(content), err)
			}
			if diff := cmp.Diff(drivers.Stored{Format: "raw", SizeMiB: 3}, stat); diff != "" {
				t.Errorf("Stat (-want +got):\n%s", diff)
			}
			img.Path = l.file(t, "cut", string(packed[:len(packed)/2]))
			if _, err := l.store.Import(t.Context(), l.ds, img, nil); err == nil {
				t.Error("a truncated compressed image was accepted")
			}
		})
	}
}

func TestDownload(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	content := strings.Repeat("x", 3<<20)
	mux := http.NewServeMux()
	mux.HandleFunc("/image", func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "", time.Unix(0, 0), strings.NewReader(content))
	})
	mux.HandleFunc("/cut", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000000")
		_, _ = w.Write([]byte("not all of it"))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)

	img := drivers.ImageSpec{ID: 3, Path: server.URL + "/image"}
	if st, err := l.store.Stat(t.Context(), l.ds, img); err != nil || st.SizeMiB != 3 {
		t.Errorf("Stat = %+v, %v; want 3 MiB", st, err)
	}
	st, err := l.store.Import(t.Context(), l.ds, img, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(st.Source); err != nil || string(got) != content {
		t.Errorf("%d bytes were stored, %v", len(got), err)
	}
	for path, want := range map[string]string{"/absent": "404", "/cut": "unexpected EOF"} {
		img := drivers.ImageSpec{ID: 4, Path: server.URL + path}
		if _, err := l.store.Import(t.Context(), l.ds, img, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Import of %s = %v, want an error about %q", path, err, want)
		}
	}
}

func TestSums(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	path := l.file(t, "image", "hello")
	for text, ok := range map[string]bool{
		`MD5="5d41402abc4b2a76b9719d911017c592"`:          true,
		`SHA1="AAF4C61DDCC5E8A2DABEDE0F3B482CD9AEA9434D"`: true,
		`MD5="00000000000000000000000000000000"`:          false,
		`SHA1="5d41402abc4b2a76b9719d911017c592"`:         false,
	} {
		_, err := l.store.Import(t.Context(), l.ds, drivers.ImageSpec{ID: 3, Path: path, Attrs: template(t, text)}, nil)
		if (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestDriverConverts(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.ds.Attrs = template(t, `RESTRICTED_DIRS="/" SAFE_DIRS="`+l.safe+`" DRIVER="qcow2"`)
	iso := make([]byte, 40<<10)
	copy(iso[16*2048+1:], "CD001")
	for path, want := range map[string]string{l.image(t, "raw"): "qcow2", l.file(t, "iso", string(iso)): "raw"} {
		st, err := l.store.Import(t.Context(), l.ds, drivers.ImageSpec{ID: 3, Path: path}, nil)
		if err != nil || st.Format != want {
			t.Errorf("Import of %s = %+v, %v; want %s", path, st, err, want)
		}
	}
}

func TestFileSystems(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for _, format := range []string{"raw", "qcow2"} {
		st, err := l.store.Import(t.Context(), l.ds, drivers.ImageSpec{ID: 3, SizeMiB: 16, Format: format, FS: "ext4"}, nil)
		if err != nil || st.Format != format || st.SizeMiB != 16 {
			t.Errorf("datablock = %+v, %v", st, err)
		}
	}
	_, err := l.store.Import(t.Context(), l.ds, drivers.ImageSpec{ID: 4, SizeMiB: 16, FS: "ext4; rm -rf /"}, nil)
	if err == nil || !strings.Contains(err.Error(), "not supported") {
		t.Errorf("an odd file system: %v", err)
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.ds.Attrs = template(t, `LIMIT_MB="1"`)
	u, err := l.store.Capacity(t.Context(), l.ds)
	if err != nil || u.TotalMiB != 1 || u.FreeMiB > 1 {
		t.Errorf("Capacity = %+v, %v; want at most 1 MiB", u, err)
	}
}

// TestFind accepts files directly in the folder of the datastore, and no symbolic links.
func TestFind(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	if err := os.MkdirAll(l.ds.Path, 0o755); err != nil {
		t.Fatal(err)
	}
	inside := func(name string) string { return filepath.Join(l.ds.Path, name) }
	if err := os.WriteFile(inside("raw"), make([]byte, 3<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/passwd", inside("link")); err != nil {
		t.Fatal(err)
	}
	got, err := l.store.Find(t.Context(), l.ds, inside("raw"))
	want := drivers.Stored{Source: inside("raw"), Format: "raw", SizeMiB: 3}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("got %v, %v", err, diff)
	}
	for _, path := range []string{inside("link"), inside("none"), "/etc/passwd", inside("../raw"), l.ds.Path} {
		if _, err := l.store.Find(t.Context(), l.ds, path); err == nil {
			t.Errorf("%s was taken", path)
		}
	}
}
