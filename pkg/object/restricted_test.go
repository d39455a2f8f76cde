package object_test

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
)

var kept = object.Restricted{"SOURCE", "PCI", "NIC/VLAN_ID", "NIC/MAC", "RAW/DATA"}

func TestRestrictedIn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                  "",
		"NAME=a\nNIC=[NETWORK=x]":           "",
		"MAC=a\nDATA=b\nRAW=x":              "",
		"SOURCE=/x":                         "SOURCE",
		"PCI=[VENDOR=1]":                    "PCI",
		"NIC=[NETWORK=x]\nNIC=[MAC=a]":      "MAC",
		"NIC=[VLAN_ID=1,MAC=a]":             "MAC",
		"RAW=[DATA=x]\nNIC=[VLAN_ID=1]":     "VLAN_ID",
		"SOURCE=a\nRAW=[DATA=x]\nPCI=[A=1]": "PCI",
	} {
		if got := kept.In(parsed(t, text)); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestRestrictedGuard: an update may say again what stands, and nothing else; what is
// simple stays when it is left out, and what is a vector may not go.
func TestRestrictedGuard(t *testing.T) {
	t.Parallel()
	const stands = "SOURCE=a\nPCI=[VENDOR=1]\nNIC=[NETWORK=x,MAC=m]\nNOTE=n"
	for _, tt := range []struct {
		text     string
		appended bool
		refused  string
		becomes  string
	}{
		{"NOTE=o\nNIC=[MAC=m]", false, "", "NIC=[MAC=m]\nNOTE=o\nPCI=[VENDOR=1]\nSOURCE=a"},
		{"NIC=[MAC=m]\nNIC=[NETWORK=y]\nSOURCE=a\nPCI=[VENDOR=1]", false, "", "NIC=[MAC=m]\nNIC=[NETWORK=y]\nPCI=[VENDOR=1]\nSOURCE=a"},
		{"NOTE=o", false, "Tried to change restricted attribute: NIC", ""},
		{"", false, "Tried to change restricted attribute: NIC", ""},
		{"NIC=[MAC=m]\nSOURCE=b", false, "Tried to change restricted attribute: SOURCE", ""},
		{"NIC=[MAC=m]\nPCI=[VENDOR=2]", false, "Tried to change restricted attribute: PCI", ""},
		{"NIC=[MAC=m]\nRAW=[DATA=x]", false, "Tried to change restricted attribute: RAW", ""},
		{"NOTE=o", true, "", stands[:len(stands)-1] + "o"},
		{"NIC=[NETWORK=x]", true, "User Template includes a restricted attribute NIC", ""},
		{"SOURCE=\"\"", true, "User Template includes a restricted attribute SOURCE", ""},
		{"RAW=[DATA=x]", true, "User Template includes a restricted attribute RAW", ""},
	} {
		for _, who := range []*one.Caller{{UID: 2, Groups: []int{1}}, {UID: 0}} {
			old, now := parsed(t, stands), parsed(t, tt.text)
			if tt.appended {
				now = parsed(t, stands)
				now.Merge(parsed(t, tt.text))
			}
			err := kept.Guard(who, old, &now, tt.appended)
			switch {
			case who.UID == 0 && err != nil:
				t.Errorf("%q: an administrator is refused: %v", tt.text, err)
			case who.UID != 0 && text(err) != tt.refused:
				t.Errorf("%q: got %q, want %q", tt.text, text(err), tt.refused)
			case who.UID != 0 && err == nil && !now.Equal(parsed(t, tt.becomes)):
				t.Errorf("%q: becomes %q, want %q", tt.text, now.Text(), tt.becomes)
			}
		}
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func parsed(t *testing.T, text string) attr.Template {
	t.Helper()
	tmpl, err := attr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return tmpl
}
