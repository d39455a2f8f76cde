package vm

import (
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Text after a variable is kept, and so is the backslash of an escaped dollar sign.
func TestSubstitute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.vm(w.allocate("NAME=web\nCPU=1\nMEMORY=64\nDISK=[IMAGE_ID=0]\nDISK=[TYPE=fs,SIZE=3]", true))
	for text, want := range map[string]string{
		"plain":                        "plain",
		"$NAME":                        "web",
		"$name-$UID":                   "web-2",
		"$NAME$NAME":                   "webweb",
		"$NAME,x":                      "",
		`\$NAME \\x`:                   `\$NAME \\x`,
		"a$NOSUCH[K] b":                "a b",
		"$DISK[SIZE, DISK_ID=1].":      "3.",
		`$DISK[ SIZE ,DISK_ID = "1" ]`: "3",
	} {
		got, err := substitute(w.store.Read(), v, text)
		if err != nil {
			got = ""
		}
		if got != want {
			t.Errorf("%q: got %q and %v; want %q", text, got, err, want)
		}
	}
}

// Syntax errors name the unexpected token and its position, as oned's do.
func TestSubstituteRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":             "unexpected $end, expecting VARIABLE or RSTRING at line 1, columns 1:1",
		"ab$":          "unexpected EOA, expecting $end or VARIABLE or RSTRING at line 1, columns 3:4",
		"$(ls)":        "unexpected EOA, expecting VARIABLE or RSTRING at line 1, columns 2:3",
		"$A[]":         "unexpected CBRACKET, expecting VARIABLE at line 1, columns 4:5",
		"$A[B":         "unexpected EOA, expecting COMMA or CBRACKET at line 1, columns 4:5",
		"$A[B,C]":      "unexpected CBRACKET, expecting EQUAL at line 1, columns 7:8",
		"$A[B]c":       "unexpected VARIABLE, expecting EOA at line 1, columns 6:7",
		"$A = 1":       "unexpected EQUAL, expecting OBRACKET or EOA at line 1, columns 3:6",
		"x\n$A[B,C=\"": "unexpected $end, expecting STRING at line 2, columns 10:11",
	} {
		err := parsePhrases(text, variableStates, func(phrase) error { return nil })
		if err == nil || err.Error() != "Error parsing: "+text+". syntax error, "+want {
			t.Errorf("%q: got %v; want … %s", text, err, want)
		}
	}
}

// $FILE variables select images that the VM's owner may use.
func TestFileVariables(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.vm(w.allocate("CPU=1\nMEMORY=64", true))
	for list, want := range map[string]string{
		"x":                           "syntax error, unexpected RSTRING, expecting VARIABLE at line 1, columns 1:2",
		"$FILE[IMAGE_ID=0]  ":         "syntax error, unexpected RSTRING, expecting $end or VARIABLE at line 1, columns 19:20",
		"$DISK[IMAGE_ID=0]":           "Must use FILE variable for attribute.",
		"$FILE[ODD=1]":                "Cannot get image, set IMAGE_ID or IMAGE.",
		"$FILE[IMAGE_ID=99]":          "Image with ID: 99 does not exist",
		"$FILE[IMAGE=x]":              "User 2 does not own an image with name: x . Set IMAGE_UNAME or IMAGE_UID of owner.",
		"$FILE[IMAGE=x,IMAGE_UID=77]": "User 77 does not own an image with name: x . Set IMAGE_UNAME or IMAGE_UID of owner.",
	} {
		if _, err := fileImages(w.store.Read(), v, list); err == nil || err.Error() != "Error parsing: "+list+". "+want {
			t.Errorf("%q: got %v; want … %s", list, err, want)
		}
	}
	w.must(func(tx *store.Tx) error {
		img, err := image.Kind.Edit(tx, 0)
		if err != nil {
			return err
		}
		img.UID, img.GID, img.Perms = one.OneadminID, one.OneadminGroupID, 0o600
		image.Kind.Put(tx, img)
		return nil
	})
	_, err := fileImages(w.store.Read(), v, "$FILE[IMAGE_ID=0]")
	if err == nil || !strings.HasSuffix(err.Error(), "User not authorize to use image.") {
		t.Errorf("a file of another user: got %v", err)
	}
}

// Values are parsed as by the C++ streams of oned.
func TestValuesAreParsedAsByOned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.allocate("CPU=1\nMEMORY=64\nVROUTER_ID=\"\"\nEMULATOR=\"\"\nPCI=[VENDOR=0x8086,UUID=x]\nRAW=[TYPE=KVM,DATA=x]\nRAW=[DATA=y]", true)
	v := w.vm(id)
	if v.Template.Has("VROUTER_ID") || !v.User.Has("EMULATOR") {
		t.Errorf("empty attributes are in TEMPLATE: %v, USER_TEMPLATE: %v", v.Template, v.User)
	}
	if pci := v.Template.Vector("PCI"); pci.Get("VM_BUS") != "0x01" || pci.Has("UUID") {
		t.Errorf("the device is %v", pci)
	}
	shaped := template("VCPU=2\nMEMORY=64\nTOPOLOGY=[SOCKETS=\"1x\",CORES=2,THREADS=1]")
	if err := CheckTopology(&shaped); err != nil {
		t.Error(err)
	}
}
