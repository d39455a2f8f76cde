package cli

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// vmReachVerbs are ways to access a VM besides ssh.
func vmReachVerbs() []verb { return []verb{vmPortForward(), vmVNC()} }

// vmPortForward prints which ports of the host are forwarded to which of the VM.
func vmPortForward() verb {
	return verb{
		name: "port-forward", short: "Show which ports of the host lead to a VM",
		args:  []arg{object, number("port").orNone()},
		flags: func(f *pflag.FlagSet) { f.String("nic-id", "", "network device to look at") },
		run: func(s *session, in *input) error {
			vm, _, err := s.read(in.noun.infoRequest(in.id()))
			if err != nil {
				return err
			}
			outer, inner, err := forwarded(vm, in.text("nic-id"))
			if err != nil {
				return err
			}
			host := vm.last("HISTORY_RECORDS/HISTORY").get("HOSTNAME")
			if port := in.number(1, -1); port >= 0 {
				fmt.Fprintf(s.out, "%s@%d -> %d\n", host, outer[0]+port-1, port)
				return nil
			}
			for port := inner[0]; port <= inner[1] && outer[0]+port-inner[0] <= outer[1]; port++ {
				fmt.Fprintf(s.out, "%s@%d -> %d\n", host, outer[0]+port-inner[0], port)
			}
			return nil
		},
	}
}

// forwarded are the first and last external and internal ports of a NIC: the given one, the one
// for ssh, or the first.
func forwarded(vm *node, id string) (outer, inner [2]int, err error) {
	var nic *node
	for _, candidate := range vm.all("TEMPLATE/NIC") {
		wanted := id == "" && candidate.get("SSH") == "YES" || id != "" && candidate.get("NIC_ID") == id
		if nic == nil || wanted {
			nic = candidate
		}
		if wanted {
			break
		}
	}
	switch {
	case nic == nil:
		return outer, inner, sayf("No NIC found")
	case !nic.has("EXTERNAL_PORT_RANGE"):
		return outer, inner, sayf("No PORT_RANGE found")
	}
	if outer, err = portRange(nic.get("EXTERNAL_PORT_RANGE"), ":"); err != nil {
		return outer, inner, err
	}
	protocolless, _, _ := strings.Cut(nic.get("INTERNAL_PORT_RANGE"), "/")
	inner, err = portRange(protocolless, "-")
	return outer, inner, err
}

func portRange(text, separator string) (ports [2]int, err error) {
	first, last, _ := strings.Cut(text, separator)
	for i, word := range []string{first, last} {
		if ports[i], err = strconv.Atoi(word); err != nil {
			return ports, fmt.Errorf("%q is no range of ports", text)
		}
	}
	return ports, nil
}

// vmVNC opens the VNC console of a VM.
func vmVNC() verb {
	return verb{
		name: "vnc", short: "Show the screen of a VM in a VNC viewer", args: []arg{object},
		flags: func(f *pflag.FlagSet) { f.String("vnc", "vncviewer", "the viewer") },
		run: func(s *session, in *input) error {
			vm, _, err := s.read(in.noun.infoRequest(in.id()))
			if err != nil {
				return err
			}
			port := vm.get("TEMPLATE/GRAPHICS/PORT")
			host := vm.last("HISTORY_RECORDS/HISTORY")
			if port == "" || host == nil {
				return fmt.Errorf("VM %d has no screen that can be seen", in.id())
			}
			s.out.Flush()
			viewer := exec.CommandContext(s.ctx, in.text("vnc"), host.get("HOSTNAME")+"::"+port)
			viewer.Stdin, viewer.Stdout, viewer.Stderr = s.io.In, s.io.Out, s.io.Err
			return programStatus(viewer.Run())
		},
	}
}
