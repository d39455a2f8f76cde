package bridge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/remote"
)

// kernel is a simulated host, for devices that the tests' kernel may not support. It implements
// "ip link" as far as the drivers use it, and records what it was asked to change.
type kernel struct {
	mu      sync.Mutex
	devices map[string]map[string]any
	asked   []string
	script  string // answer to scripts

	unfiltered bool // without iptables and br_netfilter
}

func newKernel(names ...string) *kernel {
	k := &kernel{devices: map[string]map[string]any{}}
	for _, name := range names {
		k.devices[name] = map[string]any{"ifname": name, "mtu": 1500}
	}
	return k
}

func (k *kernel) Command(ctx context.Context, _ drivers.Host, args ...string) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	switch line := strings.Join(args, " "); {
	case line == "ip -json -details link show":
		list := []map[string]any{}
		for _, d := range k.devices {
			list = append(list, d)
		}
		return json.Marshal(list)
	case strings.HasPrefix(line, "ip -json addr show dev "):
		return json.Marshal([]any{k.devices[args[5]]})
	case k.unfiltered && args[0] != "ip":
		return nil, errors.New("not found")
	case strings.HasPrefix(line, "cat /proc/sys/net/bridge/"):
		return []byte("1\n1\n"), nil
	case strings.HasSuffix(line, "tables -w 10 -S"):
		return nil, nil
	case strings.HasPrefix(line, "bridge vlan "):
		k.asked = append(k.asked, line)
		if k.devices[args[4]] == nil {
			return nil, fmt.Errorf("cannot find device %q", args[4])
		}
		return nil, nil
	case strings.HasPrefix(line, "ip link "):
		k.asked = append(k.asked, line)
		return nil, k.link(args[2:])
	}
	return nil, fmt.Errorf("the tests know no %q", args)
}

// Run gets the rules for iptables.
func (k *kernel) Run(context.Context, drivers.Host, remote.Cmd) ([]byte, error) { return nil, nil }

func (k *kernel) Script(_ context.Context, _ drivers.Host, _ string, args ...string) ([]byte, error) {
	k.asked = append(k.asked, "script "+strings.Join(args, " "))
	return []byte(k.script), nil
}

func (k *kernel) link(args []string) error {
	switch args[0] {
	case "add":
		return k.add(args[1:])
	case "set":
		return k.set(args[2], args[3:])
	case "delete":
		if k.devices[args[2]] == nil {
			return fmt.Errorf("cannot find device %q", args[2])
		}
		delete(k.devices, args[2])
		for _, d := range k.devices {
			if d["master"] == args[2] {
				delete(d, "master")
			}
		}
		return nil
	}
	return fmt.Errorf("the tests know no ip link %q", args)
}

// after answers the word after a word.
func after(args []string, key string) string {
	if at := slices.Index(args, key); at >= 0 && at+1 < len(args) {
		return args[at+1]
	}
	return ""
}

func (k *kernel) add(args []string) error {
	name, kind, lower := after(args, "name"), after(args, "type"), after(args, "link")
	if k.devices[name] != nil {
		return errors.New("RTNETLINK answers: File exists")
	}
	if kind == "vlan" && k.devices[lower] == nil || kind == "" || name == "" {
		return fmt.Errorf("%q cannot be made", args)
	}
	data := map[string]any{}
	if id, err := strconv.Atoi(after(args, "id")); err == nil {
		data["id"] = id
	}
	if dev := after(args, "dev"); dev != "" {
		data["link"] = dev
	}
	mtu, _ := strconv.Atoi(after(args, "mtu"))
	k.devices[name] = map[string]any{
		"ifname": name, "mtu": mtu, "link": lower, "linkinfo": map[string]any{"info_kind": kind, "info_data": data},
	}
	return nil
}

func (k *kernel) set(name string, args []string) error {
	d := k.devices[name]
	switch {
	case args[0] == "vf":
	case d == nil:
		return fmt.Errorf("cannot find device %q", name)
	case args[0] == "up":
		d["flags"] = []string{"UP"}
	case args[0] == "nomaster":
		delete(d, "master")
	case args[0] == "alias":
		d["ifalias"] = args[1]
	case args[0] == "mtu":
		mtu, err := strconv.Atoi(args[1])
		d["mtu"] = mtu
		return err
	case args[0] == "type" && args[2] == "vlan_filtering":
		on, err := strconv.Atoi(args[3])
		d["linkinfo"].(map[string]any)["info_data"] = map[string]any{"vlan_filtering": on}
		return err
	case args[0] == "master" && k.devices[args[1]] != nil:
		d["master"] = args[1]
	default:
		return fmt.Errorf("the tests know no ip link set %q", args)
	}
	return nil
}

// takeAsked answers the changes that were asked for since the last time.
func (k *kernel) takeAsked() []string {
	asked := k.asked
	k.asked = nil
	return asked
}
