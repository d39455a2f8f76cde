package cli

import (
	"fmt"

	"github.com/spf13/pflag"
)

// vmLifeVerbs change the state of VMs. `delete` is an older name of `terminate`.
func vmLifeVerbs() []verb {
	return []verb{
		vmHardAction("terminate", "terminating", "Terminate VMs; their life ends here").later(),
		vmHardAction("undeploy", "shutting down", "Shut VMs down and free their hosts").later(),
		vmHardAction("poweroff", "shutting down", "Power VMs off; they keep their hosts").later(),
		vmHardAction("reboot", "rebooting", "Reboot VMs").later(),
		vmAction("hold", "put on hold", "Keep pending VMs from being placed").later(),
		vmAction("release", "released", "Release VMs on hold").later(),
		vmAction("stop", "stopping", "Save VMs and free their hosts").later(),
		vmAction("suspend", "suspending", "Save VMs on their hosts").later(),
		vmAction("resume", "resuming", "Resume saved, stopped or powered off VMs").later(),
		vmAction("resched", "Setting resched flag", "Have VMs placed anew"),
		vmAction("unresched", "Clearing resched flag", "Take resched back"),
		vmDelete(),
	}
}

func vmAction(name, done, short string) verb {
	return action(name, done, short, func(_ *input, id int) (request, error) {
		return call("one.vm.action", name, id), nil
	})
}

// vmHardAction has --hard, too.
func vmHardAction(name, done, short string) verb {
	return action(name, done, short, func(in *input, id int) (request, error) {
		return call("one.vm.action", hard(name, in), id), nil
	}).with(hardFlag)
}

func hardFlag(f *pflag.FlagSet) { f.Bool("hard", false, "do not ask the guest, pull the plug") }

func hard(name string, in *input) string {
	if in.bool("hard") {
		return name + "-hard"
	}
	return name
}

func vmDelete() verb {
	v := vmHardAction("delete", "terminating", "The same as terminate")
	v.run = func(s *session, in *input) error {
		return s.each(in, "terminating", func(id int) error {
			_, err := s.call(call("one.vm.action", hard("terminate", in), id))
			return err
		})
	}
	return v
}

func vmCreate(n *noun) verb {
	v := create(n, vmOptions(), func(f *pflag.FlagSet) {
		f.Bool("hold", false, "create it on hold in place of pending")
		f.IntP("multiple", "m", 1, "how many VMs to create")
	}, nil)
	return v.running(runVMCreate)
}

func runVMCreate(s *session, in *input) error {
	if in.int("multiple") < 1 {
		return fmt.Errorf("--multiple %d: give at least 1", in.int("multiple"))
	}
	text, err := s.given(in, in.word(0), vmOptions())
	if err != nil {
		return err
	}
	if in.bool("dry") {
		fmt.Fprintln(s.out, text)
		return nil
	}
	for range in.int("multiple") {
		if err := s.makeOne(call("one.vm.allocate", text, in.bool("hold"))); err != nil {
			return err
		}
	}
	return nil
}
