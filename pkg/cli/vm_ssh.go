package cli

import (
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// vmSSH opens a shell in the guest.
func vmSSH() verb {
	return verb{
		name: "ssh", short: "Open a shell in a VM by ssh",
		args: []arg{object, word("login").orNone()},
		flags: func(f *pflag.FlagSet) {
			f.String("nic-id", "", "network device to go through")
			f.String("cmd", "", "command to run in place of a shell")
			f.String("ssh-options", "", "options for ssh, such as '-o StrictHostKeyChecking=no'")
		},
		run: runSSH,
	}
}

func runSSH(s *session, in *input) error {
	vm, _, err := s.read(in.noun.infoRequest(in.id()))
	if err != nil {
		return err
	}
	if lcmState(vm) != one.LCMRunning {
		return fmt.Errorf("VM is not RUNNING but %s, cannot SSH to it", fullState(vm))
	}
	host, port, err := sshAddress(vm, in.text("nic-id"))
	if err != nil {
		return err
	}
	words := append(strings.Fields(in.text("ssh-options")), sshLogin(vm, in.word(1))+"@"+host, "-p", strconv.Itoa(port))
	if in.given("cmd") {
		words = append(words, in.text("cmd"))
	}
	s.out.Flush()
	ssh := exec.CommandContext(s.ctx, "ssh", words...)
	ssh.Stdin, ssh.Stdout, ssh.Stderr = s.io.In, s.io.Out, s.io.Err
	return programStatus(ssh.Run())
}

// programStatus passes on the exit code of a program that was run for the user.
func programStatus(err error) error {
	var ended *exec.ExitError
	if errors.As(err, &ended) && ended.ExitCode() > 0 {
		return exitStatus(ended.ExitCode())
	}
	return err
}

// sshLogin is the user name given, or the one in the VM's context, or root.
func sshLogin(vm *node, asked string) string {
	if user := vm.get("TEMPLATE/CONTEXT/USERNAME"); user != "" {
		return user
	}
	if asked != "" {
		return asked
	}
	return "root"
}

func sshAddress(vm *node, nicID string) (host string, port int, err error) {
	nic := sshNIC(vm, nicID)
	if nic == nil {
		return "", 0, sayf("No NIC found")
	}
	if port, ok := sshPort(nic); ok {
		return vm.last("HISTORY_RECORDS/HISTORY").get("HOSTNAME"), port, nil
	}
	if nic.get("IP") == "" {
		return "", 0, fmt.Errorf("NIC %s has no IP", nic.get("NIC_ID"))
	}
	return nic.get("IP"), 22, nil
}

// sshNIC is the NIC given, else the one marked for ssh, else the first.
func sshNIC(vm *node, id string) *node {
	nics := append(vm.all("TEMPLATE/NIC"), vm.all("TEMPLATE/PCI")...)
	for _, nic := range nics {
		if id != "" && nic.get("NIC_ID") == id || id == "" && nic.get("SSH") == "YES" {
			return nic
		}
	}
	for _, nic := range nics {
		if nic.has("NIC_ID") {
			return nic
		}
	}
	return nil
}
