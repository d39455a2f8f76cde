package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// with is the defaults after a change.
func with(change func(*Config)) Config {
	c := Default()
	change(&c)
	return c
}

// environment is a lookup function for a map.
func environment(vars map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := vars[name]; return v, ok }
}

// file writes a configuration file; "" makes none.
func file(t *testing.T, text string) string {
	t.Helper()
	if text == "" {
		return ""
	}
	path := filepath.Join(t.TempDir(), "renkei.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPrecedence(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file string
		env  map[string]string
		set  []string
		want Config
	}{
		"nothing":       {want: Default()},
		"comments only": {file: "# nothing yet\n", want: Default()},
		"empty section": {file: "scheduler:\n", want: Default()},
		"file keeps its neighbours": {
			file: "scheduler: {policy: pack}\nmonitor:\n  vm: 1m\n",
			want: with(func(c *Config) { c.Scheduler.Policy, c.Monitor.VM = "pack", time.Minute }),
		},
		"environment over file": {
			file: "scheduler: {enabled: true, policy: pack}\n", env: map[string]string{"RENKEI_SCHEDULER_ENABLED": "false"},
			want: with(func(c *Config) { c.Scheduler.Enabled, c.Scheduler.Policy = false, "pack" }),
		},
		"flag over environment": {
			env: map[string]string{"RENKEI_ENGINE_PER_HOST": "3", "RENKEI_LISTEN": ":1"}, set: []string{"engine.per_host=5"},
			want: with(func(c *Config) { c.Engine.PerHost, c.Listen = 5, ":1" }),
		},
		"last flag": {
			set:  []string{"log.level=debug", "log.level=warn"},
			want: with(func(c *Config) { c.Log.Level = "warn" }),
		},
		"list": {
			set:  []string{"hosts.ssh=[ssh, -p, '22']"},
			want: with(func(c *Config) { c.Hosts.SSH = []string{"ssh", "-p", "22"} }),
		},
		"listeners": {
			file: "listeners:\n  - face: one22\n  - {face: rvpe, listen: ':3111', paths: ['*'], tls: false}\n",
			want: with(func(c *Config) {
				c.Listeners = []Listener{{Face: "one22"}, {Face: "rvpe", Listen: ":3111", Paths: []string{"*"}}}
			}),
		},
		"text means what it says": {
			set: []string{"data=/a: b #c", "libvirt.uri=test:///default?x=1", "version=7.4", "auth.umask=077", "storage.location=~", "markets.one="},
			want: with(func(c *Config) {
				c.Data, c.Libvirt.URI, c.Version, c.Auth.Umask, c.Storage.Location = "/a: b #c", "test:///default?x=1", "7.4", "077", "~"
				c.Markets.One = ""
			}),
		},
		"text may be empty": {
			file: "libvirt: {remote_uri: x}\n", env: map[string]string{"RENKEI_LIBVIRT_REMOTE_URI": ""},
			want: Default(),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Load(file(t, c.file), c.set, environment(c.env))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("wrong settings:\n%s", diff)
			}
		})
	}
}

func TestMistakesAreNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file string
		env  map[string]string
		set  []string
		want []string // texts that the error contains
	}{
		"unknown key":        {file: "path: /x\nscheduler:\n  enabeld: true\n", want: []string{"line 3", `"scheduler.enabeld"`, `"scheduler.enabled"`}},
		"unknown section":    {file: "shceduler: {enabled: true}\n", want: []string{"line 1", `there is no setting "shceduler"`, `did you mean "scheduler"`}},
		"unknown flag":       {set: []string{"monitor.hosts=1s"}, want: []string{"--set monitor.hosts=1s", `did you mean "monitor.host"`}},
		"section as value":   {set: []string{"scheduler=true"}, want: []string{`"scheduler" is not a list of settings`, "scheduler."}},
		"no mapping":         {file: "- a\n- b\n", want: []string{"line 1", "is not a list of settings"}},
		"key twice":          {file: "path: /a\npath: /b\n", want: []string{"path", "already defined"}},
		"two documents":      {file: "path: /a\n---\npath: /b\n", want: []string{"more than one document"}},
		"no YAML":            {file: "path: [\n", want: []string{"renkei.yaml"}},
		"no value":           {set: []string{"engine.per_host"}, want: []string{`"a.b=value"`}},
		"empty value":        {set: []string{"engine.per_host="}, want: []string{"engine.per_host needs a value"}},
		"no number":          {env: map[string]string{"RENKEI_ENGINE_PER_HOST": "many"}, want: []string{"environment RENKEI_ENGINE_PER_HOST", "many"}},
		"no duration":        {set: []string{"monitor.vm=5"}, want: []string{"monitor.vm"}},
		"negative duration":  {set: []string{"monitor.host=-1s"}, want: []string{"monitor.host", "less than"}},
		"everything at once": {set: []string{"log.level=loud", "auth.umask=999", "listen=here", "path=x", "tls.cert=a"}, want: []string{"log.level", "auth.umask", "listen"}},
		"path":               {set: []string{"path=RPC2"}, want: []string{"begin with a slash"}},
		"half a TLS":         {set: []string{"tls.key=k"}, want: []string{"tls"}},
		"marketplaces":       {set: []string{"markets.one=ftp://x", "markets.linuxcontainers=there"}, want: []string{"markets.one", "markets.linuxcontainers"}},
		"MAC prefix":         {set: []string{"network.mac_prefix=zz"}, want: []string{"network.mac_prefix"}},
		"unknown in a list":  {file: "listeners:\n  - face: one\n    pahts: [/x]\n", want: []string{"line 3", `"listeners[0].pahts"`, `"listeners[0].paths"`}},
		"value in a list":    {set: []string{"listeners=[one]"}, want: []string{`"listeners[0]" is not a list of settings`}},
		"listeners":          {set: []string{"listeners=[{listen: here, tls: true, paths: [x]}]"}, want: []string{"listeners[0].face", "listeners[0].listen", "listeners[0].paths", "listeners[0].tls"}},
		"too much":           {set: []string{"auth.hash_cost=31"}, want: []string{"auth.hash_cost", "between 4 and 16"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(file(t, c.file), c.set, environment(c.env))
			if err == nil {
				t.Fatal("it was taken")
			}
			for _, part := range c.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q is not in the error: %v", part, err)
				}
			}
		})
	}
}

func TestMissingFile(t *testing.T) {
	t.Parallel()
	if _, err := Load(filepath.Join(t.TempDir(), "none.yaml"), nil, environment(nil)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the answer is %v", err)
	}
}
