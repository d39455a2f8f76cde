package drivers

import "testing"

func TestWithin(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"/etc/shadow": true, "/etc": true, "/srv/a/b": true, "/srv/a": true,
		"/etcetera": false, "/srv/ab": false, "/": false, "/srv": false, "etc/shadow": false,
	} {
		if got := Within(path, []string{"/etc/", "/srv/a"}); got != want {
			t.Errorf("%s: %t", path, got)
		}
	}
	if !Within("/etc/shadow", []string{"/"}) {
		t.Error("/ contains nothing")
	}
	if Within("/etc/shadow", nil) {
		t.Error("no folder contains everything")
	}
}
