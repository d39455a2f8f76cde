package one

import (
	"strings"
	"testing"
)

// TestEveryMethodHasHelp, and every help text has a method.
func TestEveryMethodHasHelp(t *testing.T) {
	t.Parallel()
	texts, used := readHelp(), map[string]bool{}
	methods := append(table(), method{name: "renkei.fsck"}, method{name: "renkei.export"})
	for _, m := range methods {
		name := m.name
		if texts[name] == "" {
			name = anyNoun(name)
		}
		used[name] = true
		if text := texts[name]; !strings.HasSuffix(text, ".") {
			t.Errorf("help.txt says of %s: %q", m.name, text)
		}
	}
	for name := range texts {
		if !used[name] {
			t.Errorf("help.txt speaks of %s, which is no method", name)
		}
	}
}

func TestHelpListsParameters(t *testing.T) {
	t.Parallel()
	texts := map[string]string{"one.*.info": "Shows the object.", "one.vm.info": "Shows the VM."}
	for name, want := range map[string]string{
		"one.vm.info":    "Shows the VM. Parameters: session; object id; [decrypt secrets].",
		"one.image.info": "Shows the object. Parameters: session; object id; [decrypt secrets].",
	} {
		if got := help(texts, method{name: name, params: params(pID, pDecrypt)}); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
